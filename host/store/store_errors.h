// What the stores answer when the data of a change is at fault: one wording for all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/store.h"

namespace orc {

Error NoSuch(std::string_view what, std::string_view id);  // kNotFound
Error IdTaken(std::string_view what, std::string_view id);
Error KeyTaken(std::string_view key);
Error VersionTaken(std::string_view workflow_id, int32_t version);
Error WorkflowMoved(const WorkflowUpdate& update, int32_t found_version);
/// `found_revision` empty: the run is gone.
Error RunMoved(const RunUpdate& update, std::optional<int64_t> found_revision);
Error RunIsLive(std::string_view id, std::string_view status);
Error WorkflowIsArchived(std::string_view id);
Error WorkflowIsBusy(std::string_view id);
/// `found_revision` empty: there is no such schedule.
Error ScheduleMoved(const ScheduleAdvance& advance, std::optional<int64_t> found_revision);
Error IdempotencyKeyTaken(std::string_view scope, std::string_view key);

}  // namespace orc
