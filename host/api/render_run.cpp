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
  writer.Field("phase", ToText(progress.phase)).Field("attempt", static_cast<int64_t>(progress.attempt));
  writer.Field("current_step", static_cast<int64_t>(progress.next_step)).Key("current_step_id");
  if (definition && progress.next_step < definition->main_count) {
    writer.String(definition->steps[progress.next_step].id);
  } else {
    writer.Null();
  }
}

void WriteTail(JsonWriter& writer, const Run& run) {
  const RunProgress& progress = run.progress;
  writer.Field("error", progress.error);
  if (!progress.error_code.empty()) writer.Field("error_code", progress.error_code);
  if (progress.outcome && !IsTerminal(progress.status)) writer.Field("outcome", ToText(*progress.outcome));
  if (progress.queued) writer.Field("waits_for", "limit");
  if (const size_t colon = run.identity.limit_key.find(':'); colon != std::string::npos) {
    writer.Field("concurrency_key", std::string_view(run.identity.limit_key).substr(colon + 1));
  }
  if (progress.undoing_failed) writer.Field("compensation", "incomplete");
  if (progress.finally_failed) writer.Field("finally_failed", true);
  if (!run.identity.parent.run_id.empty()) writer.Field("parent_run_id", run.identity.parent.run_id);
  if (!run.identity.schedule_id.empty()) {
    writer.Field("schedule_id", run.identity.schedule_id);
    WriteTime(writer, "scheduled_for", run.identity.scheduled_us);
  }
  writer.FieldRaw("labels", run.identity.labels.empty() ? "{}" : run.identity.labels);
  writer.Field("created_by", run.identity.created_by);
  WriteTime(writer, "created_at", run.identity.created_us);
  WriteTime(writer, "updated_at", progress.updated_us > 0 ? progress.updated_us : run.identity.created_us);
  WriteTime(writer, "started_at", progress.started_us);
  WriteTime(writer, "finished_at", progress.finished_us);
  if (progress.expires_us > 0) WriteTime(writer, "expires_at", progress.expires_us);
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

void WriteDecision(JsonWriter& writer, const Approval& approval) {
  writer.Field("approved", approval.approved).Field("actor", approval.actor);
  writer.Field("comment", approval.comment).FieldRaw("input", approval.input.empty() ? "null" : approval.input);
  WriteTime(writer, "at", approval.at_us);
}

/// The last decision; with all of them where there are more.
void WriteApproval(JsonWriter& writer, const std::vector<Approval>& approvals) {
  writer.Key("approval").BeginObject();
  WriteDecision(writer, approvals.back());
  if (approvals.size() > 1) {
    writer.Key("decisions").BeginArray();
    for (const Approval& approval : approvals) {
      writer.BeginObject();
      WriteDecision(writer, approval);
      writer.EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
}

/// What an approver has to know of a gate that waits.
void WriteWaitingGate(JsonWriter& writer, const StepDefinition& step, const StepState& state) {
  if (state.status != StepStatus::kWaitingApproval) return;
  writer.Key("gate").BeginObject();
  WriteGate(writer, step);
  writer.Field("given", static_cast<int64_t>(state.approvals.size())).EndObject();
}

/// What has but some steps.
void WriteWaits(JsonWriter& writer, const StepState& state) {
  if (state.caught) writer.Field("caught", true);
  if (state.round > 0) writer.Field("round", state.round + 1);
  if (state.is_loop()) {
    writer.Key("items").BeginObject().Field("total", state.loop.total).Field("begun", state.loop.begun);
    writer.Field("ended", state.loop.ended).Field("failed", state.loop.failed).EndObject();
  }
  const bool waits = state.status == StepStatus::kWaiting || state.status == StepStatus::kWaitingApproval;
  if (waits && state.wait == StepWait::kSignal) writer.Field("waits_for_signal", state.wait_for);
  if (state.wait == StepWait::kRun) writer.Field("child_run_id", state.wait_for);
  if (waits && state.due_us > 0) WriteTime(writer, "due_at", state.due_us);
}

void WriteState(JsonWriter& writer, const StepState* state) {
  writer.Field("http_code", static_cast<int64_t>(state ? state->http_code : 0));
  writer.Field("attempts", static_cast<int64_t>(state ? state->tries : 0));
}

void WriteTimes(JsonWriter& writer, const StepState* state) {
  WriteTime(writer, "started_at", state ? state->started_us : 0);
  WriteTime(writer, "finished_at", state ? state->finished_us : 0);
  if (state) WriteWaits(writer, *state);
}

void WriteSteps(JsonWriter& writer, const RunView& view, std::string_view name, uint32_t begin, uint32_t end) {
  writer.Key(name).BeginArray();
  for (uint32_t step = begin; step < end; ++step) {
    WriteStep(writer, view, step);
  }
  writer.EndArray();
}

/// Those that were begun; of a for_each one for each item, the first hundred.
void WriteCompensations(JsonWriter& writer, const RunView& view, uint32_t begin) {
  constexpr int32_t kMostItems = 100;
  writer.Key("compensations").BeginArray();
  for (auto at = view.run->steps.lower_bound({begin, -1}); at != view.run->steps.end(); ++at) {
    const auto& [key, state] = *at;
    if (key.item < 0) WriteStep(writer, view, key.step);
    if (key.item >= 0 && key.item < kMostItems) WriteItem(writer, *view.run, view.definition->steps[key.step], key, "null");
  }
  writer.EndArray();
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
  const StepKey key{step, -1};
  const StepState* state = view.run->FindStep(key);
  writer.BeginObject().Field("step_id", definition.id).Field("name", definition.name).Field("action", definition.action);
  writer.Field("status", ToText(DisplayStatus(*view.run, key)));
  WriteError(writer, state);
  WriteOutput(writer, view, step);
  WriteState(writer, state);
  if (const auto headers = view.step_headers.find(step); headers != view.step_headers.end()) {
    writer.FieldRaw("response_headers", headers->second);
  }
  if (const auto message = view.messages.find(step); message != view.messages.end()) writer.FieldRaw("message", message->second);
  if (state) WriteWaitingGate(writer, definition, *state);
  if (state && !state->approvals.empty()) WriteApproval(writer, state->approvals);
  WriteTimes(writer, state);
  writer.EndObject();
}

void WriteGate(JsonWriter& writer, const StepDefinition& step) {
  const GatePolicy gate = step.gate.value_or(GatePolicy{});  // policy.require_approval makes one of every step
  writer.Key("approvers").BeginArray();
  for (const std::string& approver : gate.approvers) writer.String(approver);
  writer.EndArray().Field("count", static_cast<int64_t>(gate.count)).Key("form").Value(gate.form);
}

void WriteItem(JsonWriter& writer, const Run& run, const StepDefinition& definition, StepKey key, std::string_view output) {
  const StepState* state = run.FindStep(key);
  writer.BeginObject()
      .Field("step_id", definition.id)
      .Field("item", key.item)
      .Field("name", definition.name)
      .Field("action", definition.action);
  writer.Field("status", ToText(DisplayStatus(run, key)));
  WriteError(writer, state);
  writer.FieldRaw("output", output);
  WriteState(writer, state);
  WriteTimes(writer, state);
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
  const Definition& definition = *view.definition;
  const uint32_t finally_end = definition.main_count + definition.finally_count;
  WriteSteps(writer, view, "steps", 0, definition.main_count);
  if (definition.finally_count > 0) WriteSteps(writer, view, "finally", definition.main_count, finally_end);
  if (finally_end < definition.steps.size()) WriteCompensations(writer, view, finally_end);
  if (definition.output != nullptr || definition.output_template) writer.FieldRaw("output", view.result);
  WriteTail(writer, *view.run);
  if (!warnings.empty()) WriteProblems(writer, "warnings", warnings);
  writer.EndObject();
  return std::move(writer).text();
}

}  // namespace orc
