#include "store/schedule_columns.h"

#include "base/json.h"

namespace orc {
namespace {

void AppendProgress(const ScheduleProgress& progress, JsonRows& rows) {
  rows.Int(progress.next_us).Int(progress.owed_us).Int(progress.backlog_us).Int(progress.backlog_end_us).Int(progress.last_fired_us);
  rows.Text(progress.last_run_id).Int(progress.skipped).Int(progress.last_skipped_us).Int(progress.last_missed_us);
}

ScheduleProgress ReadScheduleProgress(const Row& row, int first) {
  ScheduleProgress progress;
  progress.next_us = row.Int(first);
  progress.owed_us = row.Int(first + 1);
  progress.backlog_us = row.Int(first + 2);
  progress.backlog_end_us = row.Int(first + 3);
  progress.last_fired_us = row.Int(first + 4);
  progress.last_run_id = row.Text(first + 5);
  progress.skipped = row.Int(first + 6);
  progress.last_skipped_us = row.Int(first + 7);
  progress.last_missed_us = row.Int(first + 8);
  return progress;
}

}  // namespace

void AppendScheduleDrop(const ScheduleSet& set, JsonRows& rows) {
  JsonArray kept;
  for (const ScheduleRow& row : set.rows) kept.emplace_back(ToStorableText(row.name));
  rows.Row().Text(set.workflow_id).Text(PrintJson(kept));
}

void AppendSchedule(const ScheduleRow& row, JsonRows& rows) {
  rows.Row().Text(row.id).Text(row.workflow_id).Text(row.name).Int(row.created_us).Int(row.active).Int(row.workflow_version);
  rows.Text(row.cron).Text(row.timezone).Text(ToText(row.overlap)).Text(ToText(row.catch_up)).Int(row.paused).Int(row.revision);
  AppendProgress(row.progress, rows);
  rows.Text(row.context);
}

void AppendScheduleAdvance(const ScheduleAdvance& advance, JsonRows& rows) {
  rows.Row();
  AppendProgress(advance.progress, rows);
  rows.Text(advance.id).Int(advance.expected_revision);
}

Result<ScheduleRow> ReadSchedule(const Row& row) {
  ScheduleRow schedule;
  schedule.id = row.Text(0);
  schedule.workflow_id = row.Text(1);
  schedule.name = row.Text(2);
  schedule.created_us = row.Int(3);
  schedule.active = row.Int(4) != 0;
  schedule.workflow_version = row.Int32(5);
  schedule.cron = row.Text(6);
  schedule.timezone = row.Text(7);
  const auto overlap = ParseScheduleOverlap(row.View(8));
  const auto catch_up = ParseScheduleCatchUp(row.View(9));
  if (!overlap || !catch_up) {
    return Error{ErrorCode::kInternal, "the database holds a schedule with overlap \"" + row.Text(8) + "\" and catch_up \"" + row.Text(9) +
                                           "\", which this release does not know"};
  }
  schedule.overlap = *overlap;
  schedule.catch_up = *catch_up;
  schedule.paused = row.Int(10) != 0;
  schedule.revision = row.Int(11);
  schedule.progress = ReadScheduleProgress(row, 12);
  schedule.context = row.Text(21);
  return schedule;
}

}  // namespace orc
