// `workflow.run`: another workflow's run, made with this very decision, and waited for.
#include "engine/control.h"
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/made_run_id.h"
#include "engine/run_admission.h"
#include "engine/step_end.h"

namespace orc {
namespace {

/// The same for the same try, whatever happened between.
std::string ChildSeed(const AttemptKey& key) {
  std::string seed = key.run_id;
  for (const int64_t part : {int64_t{key.step}, int64_t{key.item}, int64_t{key.run_attempt}, int64_t{key.round}, int64_t{key.try_number}}) {
    seed += ':';
    seed += std::to_string(part);
  }
  return seed;
}

/// "" or what is wrong with the filled-in input.
std::string FaultOf(const Draft& draft, const Json& input) {
  if (draft.run().identity.depth + 1 > kMaxRunDepth) {
    return "workflows start each other " + std::to_string(kMaxRunDepth) +
           " deep at most; this run is the deepest (does a workflow start itself?)";
  }
  const Json* workflow = Find(input, "workflow");
  if (StringAt(input, "workflow").empty()) {
    return "input/workflow: expected the id or key of a workflow, found " + (workflow == nullptr ? "nothing" : DescribeJson(*workflow));
  }
  const Json* version = Find(input, "version");
  if (version != nullptr && !version->is_null() && IntAt(input, "version").value_or(0) < 1) {
    return "input/version: expected a version's number, found " + DescribeJson(*version);
  }
  const Json* context = Find(input, "context");
  const bool fits = context == nullptr || context->is_null() || context->is_object();
  return fits ? "" : "input/context: expected an object, found " + DescribeJson(*context);
}

}  // namespace

void RunSubWorkflow(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, state);
  if (!input.ok()) return FailStep(draft, state, ExpressionError("input", input.error()));
  if (std::string fault = FaultOf(draft, *input); !fault.empty()) {
    return FailStep(draft, state, StepError{"input_invalid", std::move(fault), false, ""});
  }
  const Json* context = Find(*input, "context");
  RunRequest request;
  request.parent = draft.KeyOf(state);
  request.run_id = MadeRunId(draft.now_us(), ChildSeed(request.parent));
  request.workflow = StringAt(*input, "workflow");
  request.version = static_cast<int32_t>(IntAt(*input, "version").value_or(0));
  request.context = context == nullptr || context->is_null() ? "{}" : PrintJson(*context);
  state.wait = StepWait::kRun;
  state.wait_for = request.run_id;
  const int64_t timeout_ms = draft.StepOf(state).timeout_ms;
  state.due_us = timeout_ms > 0 ? DueAfter(draft.now_us(), timeout_ms) : 0;
  draft.SetStatus(state, StepStatus::kWaiting);
  draft.Settle();
  RecordStep(draft, "step.waiting", state, {.note = "run " + request.run_id});
  draft.StartRun(std::move(request));
}

}  // namespace orc
