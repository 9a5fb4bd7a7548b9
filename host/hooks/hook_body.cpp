#include "hooks/hook_body.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "base/json_writer.h"

namespace orc {
namespace {

constexpr std::array<std::string_view, 7> kHookEvents = {"run.started",  "run.waiting_approval", "run.succeeded", "run.failed",
                                                         "run.canceled", "step.succeeded",       "step.failed"};

void WriteRunEvent(const EventRow& row, const Json& payload, JsonWriter& out) {
  std::string_view note = StringAt(payload, "note");
  if (note.empty()) note = StringAt(payload, "error");
  out.BeginObject().Field("event", row.event.type).Field("run_id", row.run_id).Field("workflow_id", row.workflow_id);
  out.Field("status", StringAt(payload, "status")).Field("current_step", IntAt(payload, "current_step").value_or(0));
  out.Field("note", note).Field("ts", FormatTime(row.event.at_us)).EndObject();
}

void WriteStepEvent(const EventRow& row, const Json& payload, JsonWriter& out) {
  out.BeginObject().Field("event", row.event.type).Field("run_id", row.run_id).Field("workflow_id", row.workflow_id);
  for (const std::string_view key : {"step_id", "step_name", "step_action", "step_status"}) out.Field(key, StringAt(payload, key));
  out.Field("http_code", IntAt(payload, "http_code").value_or(0));
  out.Field("error", StringAt(payload, "error")).Field("ts", FormatTime(row.event.at_us)).EndObject();
}

}  // namespace

bool IsHookEvent(const std::string& type) { return std::find(kHookEvents.begin(), kHookEvents.end(), type) != kHookEvents.end(); }

std::string MakeHookBody(const EventRow& row, const HookTarget& target) {
  auto parsed = ParseJson(row.event.payload);
  const Json payload = parsed.ok() ? std::move(parsed).value() : Json(JsonObject{});
  JsonWriter out;
  if (target.shape == HookTarget::Shape::kMemarch) {
    const std::string_view project = StringAt(payload, "project_id");
    out.BeginObject()
        .Field("project_id", project.empty() ? std::string_view(target.project_id) : project)
        .Field("type", "orchestrator")
        .Key("payload");
  }
  if (row.event.type.starts_with("step.")) {
    WriteStepEvent(row, payload, out);
  } else {
    WriteRunEvent(row, payload, out);
  }
  if (target.shape == HookTarget::Shape::kMemarch) out.EndObject();
  return std::move(out).text();
}

}  // namespace orc
