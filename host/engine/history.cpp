#include "engine/history.h"

#include "base/json_writer.h"

namespace orc {
namespace {

void WriteCommon(JsonWriter& out, const Draft& draft, const HistoryNote& note) {
  const RunProgress& run = draft.progress();
  out.Field("status", ToText(run.status)).Field("current_step", static_cast<int64_t>(run.next_step)).Field("attempt", run.attempt);
  out.Field("note", note.note);
  // Hooks send it on: the event must say itself what the run's context said then.
  if (const std::string_view project = StringAt(draft.context(), "project_id"); !project.empty()) out.Field("project_id", project);
  if (!note.actor.empty()) out.Field("actor", note.actor);
}

}  // namespace

void RecordRun(Draft& draft, std::string_view type, const HistoryNote& note) {
  JsonWriter out;
  out.BeginObject();
  WriteCommon(out, draft, note);
  if (!draft.progress().error.empty()) out.Field("error", draft.progress().error);
  out.EndObject();
  draft.AddHistory(std::string(type), -1, -1, std::move(out).text());
}

void RecordQueued(Draft& draft) { RecordRun(draft, "run.queued", {.note = "all places under its workflow's limit are taken"}); }

void RecordStep(Draft& draft, std::string_view type, const StepState& state, const HistoryNote& note) {
  const StepDefinition& step = draft.StepOf(state);
  JsonWriter out;
  out.BeginObject();
  WriteCommon(out, draft, note);
  out.Field("step_id", step.id).Field("step_name", step.name).Field("step_action", step.action);
  if (state.item >= 0) out.Field("item", state.item);
  if (state.round > 0) out.Field("round", state.round + 1);
  out.Field("step_status", ToText(state.status)).Field("try", state.tries).Field("http_code", state.http_code);
  out.Field("error", state.error ? std::string_view(state.error->message) : std::string_view());
  if (state.error) out.Field("error_code", state.error->code);
  out.EndObject();
  draft.AddHistory(std::string(type), static_cast<int32_t>(state.step), state.item, std::move(out).text());
}

}  // namespace orc
