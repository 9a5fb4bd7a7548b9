// The invariants of the simulation.
#include <algorithm>

#include "unit/engine/simulation.h"

namespace orc::test {
namespace {

bool IsStartCommand(const Command& command) { return command.kind == Command::Kind::kStartAttempt; }

bool Holds(const Decision& decision, Command::Kind kind, const AttemptKey& key) {
  return std::any_of(decision.commands.begin(), decision.commands.end(),
                     [&](const Command& command) { return command.kind == kind && command.key == key; });
}

std::vector<AttemptKey> UnderWay(const Run& run) {
  std::vector<AttemptKey> keys;
  for (const auto& [key, state] : run.steps) {
    if (state.status != StepStatus::kRunning || state.is_loop()) continue;
    keys.push_back({kRunId, run.progress.attempt, key.step, key.item, state.round, state.tries});
  }
  return keys;
}

}  // namespace

void Simulation::CheckDecision(const Run& before, const Decision& decision) {
  if (decision.refused && decision.changed) return Fail("refused, and yet something changed");
  if (!decision.changed) {
    if (!decision.commands.empty() || !decision.steps.empty() || !decision.history.empty()) Fail("unchanged, but not empty");
    return;
  }
  if (decision.progress.revision != before.progress.revision + 1) Fail("the revision does not ascend by one");
  int64_t number = before.progress.next_event;
  for (const HistoryEvent& row : decision.history) {
    if (row.number != number++) Fail("history numbers have a gap");
  }
  if (decision.progress.next_event != number) Fail("next_event is wrong");
  if (IsTerminal(before.progress.status) && decision.progress.attempt == before.progress.attempt) Fail("an ended run changed");
  if (!IsTerminal(decision.progress.status)) return;
  if (std::any_of(decision.commands.begin(), decision.commands.end(), IsStartCommand)) Fail("an attempt is started though the run is over");
  if (decision.progress.wake_us != 0) Fail("an ended run has a timer");
}

void Simulation::CheckEvent(const Event& event, const Decision& decision) {
  const std::vector<AttemptKey> under_way = UnderWay(run_);
  if (const auto* finished = std::get_if<AttemptFinished>(&event)) {
    const bool counts = std::find(under_way.begin(), under_way.end(), finished->key) != under_way.end();
    if (decision.changed != counts) Fail("a completion counted that should not, or the other way round");
  }
  const bool is_stopping = run_.progress.status == RunStatus::kCanceling && run_.progress.phase == RunPhase::kSteps;
  if (std::holds_alternative<HostLost>(event) && !is_stopping) {
    for (const AttemptKey& key : under_way) {
      if (!Holds(decision, Command::Kind::kStartAttempt, key)) Fail("a lost try is not begun again as the same one");
    }
  }
  const auto* cancel = std::get_if<CancelRequested>(&event);
  if (cancel != nullptr && decision.changed && (run_.progress.phase == RunPhase::kSteps || cancel->force)) {
    for (const AttemptKey& key : under_way) {
      if (!Holds(decision, Command::Kind::kCancelAttempt, key)) Fail("an attempt under way is not told of the cancel");
    }
  }
  for (const StepState& state : decision.steps) {
    if (state.tries > 1 + definition_->steps[state.step].retry.max) Fail("more tries than the policy allows");
    const auto& repeat = definition_->steps[state.step].repeat;
    if (state.round >= (repeat ? repeat->max : 1)) Fail("more rounds than there may be");
  }
}

void Simulation::CheckStart(const AttemptKey& key) {
  if (IsTerminal(run_.progress.status)) Fail("something runs after the end");
  if (run_.progress.paused && key.try_number == 1 && key.round == 0 && !run_.FindStep(key.step_key()))
    Fail("something begins in a paused run");
  if (key.run_attempt != run_.progress.attempt) Fail("an attempt of another run attempt");
  if (std::find(open_.begin(), open_.end(), key) != open_.end()) Fail("the same try is started twice in one life");
  const auto role = definition_->steps[key.step].role;
  if (role != StepDefinition::Role::kFinally && completed_.contains(key.step_key())) Fail("a completed step is started again");
  CheckOrder(key);
}

void Simulation::CheckOrder(const AttemptKey& key) {
  const StepDefinition& step = definition_->steps[key.step];
  for (const uint32_t need : step.needs) {
    const StepState* state = run_.FindStep({need, -1});
    if (state == nullptr || !IsMet(*state)) Fail("a step runs before its needs are met");
  }
  if (step.role == StepDefinition::Role::kFinally && run_.progress.phase != RunPhase::kFinally) Fail("a finally step runs too early");
  if (step.role == StepDefinition::Role::kStep && run_.progress.phase != RunPhase::kSteps) Fail("a step runs after the steps are over");
  if (step.for_each && key.item >= 0) {
    const StepState* loop = run_.FindStep({key.step, -1});
    if (loop->loop.begun - loop->loop.ended > step.for_each->concurrency) Fail("more items at a time than concurrency allows");
    for (int32_t item = 0; item < key.item; ++item) {
      if (run_.FindStep({key.step, item}) == nullptr) Fail("the items of a for_each do not begin in their order");
    }
  }
  if (step.undoes < 0 || key.try_number > 1) return;
  if (!completed_.contains({static_cast<uint32_t>(step.undoes), key.item})) return Fail("something is undone that was not done");
  if (std::find(undone_.begin(), undone_.end(), key.step_key()) != undone_.end()) return;  // again, after a crash
  const auto place = [this](StepKey undone) {
    const StepKey done{static_cast<uint32_t>(definition_->steps[undone.step].undoes), undone.item};
    return std::find(completion_order_.begin(), completion_order_.end(), done) - completion_order_.begin();
  };
  if (!undone_.empty() && place(undone_.back()) < place(key.step_key())) Fail("compensation is not in the reverse order of completion");
  undone_.push_back(key.step_key());
}

void Simulation::CheckIndex() {
  Run counted = run_;
  BuildIndex(*definition_, counted);
  const RunIndex& a = run_.index;
  const RunIndex& b = counted.index;
  if (a.active != b.active || a.due != b.due || a.counts != b.counts) Fail("the index of what is active is wrong");
  if (a.undoable != b.undoable) Fail("the index of what can be undone is wrong");
  if (a.unmet != b.unmet || a.ready != b.ready) Fail("the index of needs is wrong");
}

void Simulation::CheckAgainstStore() {
  const Run memory = run_;
  Reload();
  if (memory.progress.revision != run_.progress.revision || memory.progress.status != run_.progress.status) Fail("memory and disk differ");
  if (memory.steps.size() != run_.steps.size()) Fail("memory and disk have other steps");
  if (!JsonEquals(*memory.context, *run_.context)) Fail("memory and disk have another context");
  for (const auto& [key, state] : memory.steps) {
    const StepState* stored = run_.FindStep(key);
    if (stored == nullptr || stored->status != state.status || stored->tries != state.tries || stored->round != state.round)
      Fail("a step differs on disk");
    if (!IsTerminal(state.status)) Fail("a step of an ended run is not over");
  }
  if (run_.progress.status == RunStatus::kSucceeded && run_.progress.undoing_failed) Fail("a run succeeded though something was undone");
  int64_t number = 0;
  const auto rows = store_->ReadEvents(kRunId, 0, 100'000);
  for (const EventRow& row : *rows) {
    if (row.event.number != ++number) Fail("the stored history has a gap");
  }
  if (number + 1 != run_.progress.next_event) Fail("the stored history is short");
}

}  // namespace orc::test
