// `for_each`: one row per item, as many at a time as `concurrency` says, their outputs in the list's order.
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/step_end.h"
#include "engine/step_way.h"

namespace orc {
namespace {

constexpr size_t kMaxItems = 10'000;

/// The list is frozen: what the expression would say later makes no difference.
Result<int32_t> FreezeItems(Draft& draft, const StepState& state) {
  ORC_ASSIGN_OR_RETURN(const JsonArray items, EvaluateItems(draft, state, *draft.StepOf(state).for_each->items));
  if (items.size() > kMaxItems) {
    return Error{ErrorCode::kInvalid,
                 "a for_each takes at most " + std::to_string(kMaxItems) + " items, found " + std::to_string(items.size())};
  }
  for (size_t begin = 0; begin < items.size(); begin += kItemsPerDocument) {
    const auto end = std::min(items.size(), begin + kItemsPerDocument);
    const JsonArray part(items.begin() + begin, items.begin() + end);
    draft.AddDocument(Document::Kind::kItems, {state.step, static_cast<int32_t>(begin / kItemsPerDocument)}, PrintJson(part));
  }
  return static_cast<int32_t>(items.size());
}

/// Nothing new is begun: an item failed, or the run is going to end.
bool IsCutOff(const Draft& draft, const StepState& loop) {
  const bool run_ends = draft.progress().outcome.has_value() && draft.StepOf(loop).role == StepDefinition::Role::kStep;
  return loop.error.has_value() || run_ends || draft.progress().cancel_forced;
}

void BeginItem(Draft& draft, StepState& loop) {
  const StepKey key{loop.step, loop.loop.begun++};
  const StepState* kept = draft.FindStep(key);
  if (kept != nullptr) {  // it succeeded in an earlier attempt of the run
    ++loop.loop.ended;
    return;
  }
  PassWork(draft, draft.EditStep(key));
}

void EndLoop(Draft& draft, StepState& loop) {
  if (loop.error) return FailStep(draft, loop, *loop.error);
  if (loop.loop.ended < loop.loop.total) return CancelStep(draft, loop);
  EndLoopWell(draft, loop);
}

}  // namespace

Way PassForEach(Draft& draft, StepState& state) {
  if (!draft.StepOf(state).for_each || state.item >= 0) return Way::kGoOn;
  const Result<int32_t> total = FreezeItems(draft, state);
  if (!total.ok()) {
    FailStep(draft, state, ExpressionError("for_each", total.error()));
    return Way::kStay;
  }
  state.loop.total = *total;
  state.started_us = draft.now_us();
  draft.SetStatus(state, StepStatus::kRunning);
  RecordStep(draft, "step.started", state, {.note = std::to_string(*total) + " items"});
  draft.TouchLoop(state.step);
  return Way::kStay;
}

void NoteItemEnd(Draft& draft, const StepState& item) {
  StepState& loop = draft.EditStep({item.step, -1});
  ++loop.loop.ended;
  if (item.status == StepStatus::kFailed) {
    ++loop.loop.failed;
    if (!draft.StepOf(loop).for_each->continue_on_error && !loop.error) {
      loop.error = item.error;
      loop.error->message = "item " + std::to_string(item.item) + ": " + loop.error->message;
      loop.http_code = item.http_code;
    }
  }
  draft.TouchLoop(item.step);
}

void ContinueLoop(Draft& draft, uint32_t step) {
  StepState& loop = draft.EditStep({step, -1});
  if (IsTerminal(loop.status)) return;
  const int32_t concurrency = draft.StepOf(loop).for_each->concurrency;
  const auto may_begin = [&] {
    return !draft.progress().paused && !draft.progress().queued && !IsCutOff(draft, loop) && loop.loop.begun < loop.loop.total &&
           loop.loop.begun - loop.loop.ended < concurrency;
  };
  while (may_begin()) BeginItem(draft, loop);
  const bool is_idle = loop.loop.begun == loop.loop.ended;
  if (is_idle && (loop.loop.ended == loop.loop.total || IsCutOff(draft, loop))) EndLoop(draft, loop);
}

}  // namespace orc
