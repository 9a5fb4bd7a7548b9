// How runs and steps become columns, and columns runs and steps again: one place for both ways.
#pragma once

#include <string_view>

#include "engine/store.h"
#include "store/json_rows.h"
#include "store/row.h"

namespace orc {

std::string_view ToText(Document::Kind kind);

void AppendNewRun(const Run& run, JsonRows& rows);
void AppendRunUpdate(const RunUpdate& update, JsonRows& rows);
void AppendStep(const StepRow& row, int64_t since_us, JsonRows& rows);

/// What a SELECT names so that the readers below find their columns from `first` on.
#define ORC_PROGRESS_COLUMNS                                                                                                      \
  "status, revision, attempt, next_step, next_event, wake_us, started_us, updated_us, finished_us, cancel_forced, error, extra, " \
  "expires_us"
#define ORC_IDENTITY_COLUMNS \
  "id, workflow_id, workflow_version, created_us, created_by, approve_every_step, labels, origin, limit_key, schedule_id"
#define ORC_STEP_COLUMNS "step, item, status, tries, due_us, started_us, finished_us, http_code, error, approval, extra"
inline constexpr int kProgressColumns = 13;

/// kInternal when a column holds what no release writes.
Result<RunProgress> ReadProgress(const Row& row, int first);
Result<RunIdentity> ReadIdentity(const Row& row, int first);
Result<StepState> ReadStep(const Row& row);
/// Of a row with the columns of progress, then those of identity. Steps and context are left empty.
Result<Run> ReadRun(const Row& row);
/// An empty object.
std::shared_ptr<const Json> NoContext();

}  // namespace orc
