#include "api/render_schedule.h"

#include <cstdio>
#include <cstdlib>

#include "api/render_run.h"
#include "base/clock.h"

namespace orc {
namespace {

constexpr int64_t kUsASecond = 1'000'000;

/// "2026-11-23T09:00:00+01:00"
std::string FormatLocal(int64_t unix_s, const TimeZone& zone) {
  const CivilTime local = zone.At(unix_s);
  const int64_t ahead_min = (TimeZone().When(local).unix_s - unix_s) / 60;
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", static_cast<long long>(local.year), local.month, local.day,
                local.hour, local.minute, local.second, ahead_min < 0 ? '-' : '+', static_cast<int>(std::llabs(ahead_min) / 60),
                static_cast<int>(std::llabs(ahead_min) % 60));
  return text;
}

}  // namespace

void WriteSchedule(JsonWriter& writer, const ScheduleRow& row) {
  const ScheduleProgress& progress = row.progress;
  writer.BeginObject().Field("id", row.id).Field("workflow_id", row.workflow_id);
  writer.Field("workflow_version", static_cast<int64_t>(row.workflow_version)).Field("name", row.name);
  writer.Field("cron", row.cron).Field("timezone", row.timezone).Field("overlap", ToText(row.overlap));
  writer.Field("catch_up", ToText(row.catch_up)).FieldRaw("context", row.context);
  writer.Field("active", row.active).Field("paused", row.paused);
  WriteTime(writer, "next_at", row.active && !row.paused ? progress.next_us : 0);
  WriteTime(writer, "last_fired_at", progress.last_fired_us);
  writer.Key("last_run_id");
  progress.last_run_id.empty() ? writer.Null() : writer.String(progress.last_run_id);
  writer.Field("queued", progress.owed_us > 0);
  WriteTime(writer, "queued_for", progress.owed_us);
  WriteTime(writer, "catching_up_to", progress.backlog_end_us);
  writer.Field("skipped", progress.skipped);
  WriteTime(writer, "last_skipped_at", progress.last_skipped_us);
  WriteTime(writer, "last_missed_at", progress.last_missed_us);
  WriteTime(writer, "created_at", row.created_us);
  writer.EndObject();
}

std::string RenderPreview(const std::string& cron, const std::string& timezone, const Timetable& timetable, int64_t after_us, int count) {
  JsonWriter writer;
  writer.BeginObject().Field("cron", cron).Field("timezone", timezone).Key("items").BeginArray();
  int64_t at_us = after_us;
  for (int i = 0; i < count; ++i) {
    const auto next = timetable.NextUs(at_us);
    if (!next) break;
    at_us = *next;
    writer.BeginObject().Field("at", FormatTime(at_us)).Field("local", FormatLocal(at_us / kUsASecond, timetable.zone())).EndObject();
  }
  writer.EndArray().EndObject();
  return std::move(writer).text();
}

}  // namespace orc
