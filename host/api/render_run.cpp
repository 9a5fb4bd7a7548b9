#include "api/render_run.h"

#include "api/problem.h"
#include "api/target.h"
#include "base/clock.h"

namespace orc {
namespace {

/// What every view of a run begins with, up to the context.
void WriteHead(JsonWriter& writer, const Run& run, const Definition* definition) {
  const RunProgress& progress = run.progress;
  writer.Field("id", run.identity.id).Field("workflow_id", run.identity.workflow_id);
  writer.Field("workflow_version", static_cast<int64_t>(run.identity.workflow_version)).Field("status", ToText(progress.status));
  writer.Field("phase", "steps").Field("attempt", static_cast<int64_t>(progress.attempt));
  writer.Field("current_step", static_cast<int64_t>(progress.next_step)).Key("current_step_id");
  if (definition && progress.next_step < definition->steps.size()) {
    writer.String(definition->steps[progress.next_step].id);
  } else {
    writer.Null();
  }
}

void WriteTail(JsonWriter& writer, const Run& run) {
  const RunProgress& progress = run.progress;
  writer.Field("error", progress.error).FieldRaw("labels", run.identity.labels.empty() ? "{}" : run.identity.labels);
  writer.Field("created_by", run.identity.created_by);
  WriteTime(writer, "created_at", run.identity.created_us);
  WriteTime(writer, "updated_at", progress.updated_us > 0 ? progress.updated_us : run.identity.created_us);
  WriteTime(writer, "started_at", progress.started_us);
  WriteTime(writer, "finished_at", progress.finished_us);
}

void WriteError(JsonWriter& writer, const StepState* state) {
  const StepError* error = state && state->error ? &*state->error : nullptr;
  writer.Field("error", error ? std::string_view(error->message) : std::string_view()).Key("error_detail");
  if (!error) {
    writer.Null();
    return;
  }
  writer.BeginObject().Field("code", error->code).Field("message", error->message).Field("retryable", error->retryable);
  writer.FieldRaw("detail", error->detail.empty() ? "null" : error->detail).EndObject();
}

void WriteOutput(JsonWriter& writer, const RunView& view, uint32_t step) {
  writer.Key("output");
  if (const auto found = view.outputs.find(step); found != view.outputs.end()) {
    writer.Raw(found->second);
  } else if (const auto too_long = view.long_outputs.find(step); too_long != view.long_outputs.end()) {
    const std::string url = "/v1/runs/" + view.run->identity.id + "/steps/" + PercentEncode(view.definition->steps[step].id) + "/output";
    writer.BeginObject().Field("$ref", url).Field("bytes", too_long->second).EndObject();
  } else {
    writer.Null();
  }
}

void WriteApproval(JsonWriter& writer, const Approval& approval) {
  writer.Key("approval").BeginObject().Field("approved", approval.approved).Field("actor", approval.actor);
  writer.Field("comment", approval.comment).FieldRaw("input", approval.input.empty() ? "null" : approval.input);
  WriteTime(writer, "at", approval.at_us);
  writer.EndObject();
}

}  // namespace

void WriteTime(JsonWriter& writer, std::string_view key, int64_t us) {
  if (us == 0) {
    writer.Key(key).Null();
  } else {
    writer.Field(key, FormatTime(us));
  }
}

void WriteStep(JsonWriter& writer, const RunView& view, uint32_t step) {
  const StepDefinition& definition = view.definition->steps[step];
  const StepState* state = view.run->FindStep(step);
  writer.BeginObject().Field("step_id", definition.id).Field("name", definition.name).Field("action", definition.action);
  writer.Field("status", ToText(DisplayStatus(*view.run, step)));
  WriteError(writer, state);
  WriteOutput(writer, view, step);
  writer.Field("http_code", static_cast<int64_t>(state ? state->http_code : 0));
  writer.Field("attempts", static_cast<int64_t>(state ? state->tries : 0));
  if (const auto headers = view.step_headers.find(step); headers != view.step_headers.end()) {
    writer.FieldRaw("response_headers", headers->second);
  }
  if (state && state->approval) WriteApproval(writer, *state->approval);
  WriteTime(writer, "started_at", state ? state->started_us : 0);
  WriteTime(writer, "finished_at", state ? state->finished_us : 0);
  if (state && state->status == StepStatus::kWaiting && state->due_us > 0) WriteTime(writer, "due_at", state->due_us);
  writer.EndObject();
}

void WriteRunSummary(JsonWriter& writer, const Run& run, const Definition* definition) {
  writer.BeginObject();
  WriteHead(writer, run, definition);
  WriteTail(writer, run);
  writer.EndObject();
}

std::string RenderRun(const RunView& view, const std::vector<Problem>& warnings) {
  JsonWriter writer;
  writer.BeginObject();
  WriteHead(writer, *view.run, view.definition.get());
  writer.Key("context");
  if (view.run->context) {
    writer.Value(*view.run->context);
  } else {
    writer.Raw("{}");
  }
  writer.Key("steps").BeginArray();
  for (uint32_t step = 0; step < view.definition->steps.size(); ++step) WriteStep(writer, view, step);
  writer.EndArray();
  WriteTail(writer, *view.run);
  if (!warnings.empty()) WriteProblems(writer, "warnings", warnings);
  writer.EndObject();
  return std::move(writer).text();
}

}  // namespace orc
