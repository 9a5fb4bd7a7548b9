#include "engine/built_in.h"
#include "engine/step_end.h"
#include "engine/try_start.h"

namespace orc {
namespace {

constexpr size_t kMaxOutputBytes = 2u << 20;     // as of any action, unless configured otherwise
constexpr size_t kMaxContextBytes = 8u << 20;    // the whole context is written anew
constexpr size_t kMaxDecisionBytes = 32u << 20;  // a chain of transforms is one decision

/// What `set` would make too large, or "".
std::string Excess(Draft& draft, const std::string& output) {
  const auto limit = [](size_t bytes) { return " would be over the limit of " + std::to_string(bytes) + " bytes"; };
  if (output.size() > kMaxOutputBytes) return "the output" + limit(kMaxOutputBytes);
  if (draft.document_bytes() + output.size() > kMaxDecisionBytes) {
    return "what the transforms up to here write together" + limit(kMaxDecisionBytes);
  }
  // What is set may take the place of as much: only near the limit is the context counted anew.
  if (draft.ContextBytesAtMost() + output.size() > kMaxContextBytes) draft.CountContextAnew();
  if (draft.ContextBytesAtMost() + output.size() > kMaxContextBytes) return "the run's context" + limit(kMaxContextBytes);
  draft.NoteContextGrowth(output.size());
  return {};
}

}  // namespace

void RunTransform(Draft& draft, StepState& state) {
  const Result<Json> input = FillInput(draft, draft.StepOf(state));
  if (!input.ok()) return FailStep(draft, state, StepError{"expression_error", input.error().message, false, ""});
  AttemptFinished result;
  result.output = "{}";
  if (const Json* set = Find(*input, "set")) {
    if (!set->is_object()) {
      return FailStep(draft, state, StepError{"input_invalid", "input/set: expected an object, found " + DescribeJson(*set), false, ""});
    }
    result.output = PrintJson(*set);
    if (std::string excess = Excess(draft, result.output); !excess.empty()) {
      return FailStep(draft, state, StepError{"output_too_large", std::move(excess), false, ""});
    }
    JsonObject& context = draft.EditContext();
    for (const auto& [key, value] : set->get_object()) context.insert_or_assign(key, value);
  }
  SucceedStep(draft, state, result);
}

}  // namespace orc
