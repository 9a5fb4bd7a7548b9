#include "api/render_history.h"

#include "base/clock.h"
#include "base/json_writer.h"

namespace orc {

std::string RenderEvent(const EventRow& row) {
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id).Field("run_id", row.run_id).Field("workflow_id", row.workflow_id);
  writer.Field("number", row.event.number).Field("at", FormatTime(row.event.at_us)).Field("type", row.event.type).EndObject();
  std::string text = std::move(writer).text();
  const std::string& payload = row.event.payload;
  // Spliced, not parsed: the payload is a compact object that the engine wrote, and none of its names is one of the above.
  if (payload.size() > 2 && payload.front() == '{' && payload.back() == '}') text.replace(text.size() - 1, 1, "," + payload.substr(1));
  return text;
}

std::string RenderLogLine(const LogRow& row, const Definition& definition) {
  JsonWriter writer;
  writer.BeginObject().Field("id", row.id).Field("at", FormatTime(row.at_us)).Field("level", row.level).Field("source", row.source);
  if (row.step >= 0 && static_cast<size_t>(row.step) < definition.steps.size()) {
    writer.Field("step_id", definition.steps[static_cast<size_t>(row.step)].id);
  }
  writer.Field("try", static_cast<int64_t>(row.try_number)).Field("text", row.text).EndObject();
  return std::move(writer).text();
}

}  // namespace orc
