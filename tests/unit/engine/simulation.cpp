#include "unit/engine/simulation.h"

#include <algorithm>

#include "engine/change_of_run.h"
#include "store/memory_store.h"
#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

constexpr int kWildTurns = 120;
constexpr int kMaxTurns = 2'000;

/// Reads from the store, as the engine does after a restart.
class StoredOutputs final : public Outputs {
 public:
  explicit StoredOutputs(Store& store) : store_(store) {}
  const Json* Find(Document::Kind kind, StepKey key) const override {
    if (const std::string* text = FindText(kind, key)) return &values_.emplace_back(J(*text));
    const auto run = store_.GetRun(kRunId);
    const StepState* state = run->FindStep(key);
    if (kind != Document::Kind::kOutput || state == nullptr || !state->is_loop()) return nullptr;
    JsonArray list;
    for (const Json* output : FindItemOutputs(key.step, state->loop.total)) list.push_back(output != nullptr ? *output : Json(nullptr));
    return &values_.emplace_back(std::move(list));
  }
  std::vector<const Json*> FindItemOutputs(uint32_t step, int32_t count) const override {
    std::vector<const Json*> outputs;
    for (int32_t item = 0; item < count; ++item) {
      const std::string* text = FindText(Document::Kind::kOutput, {step, item});
      outputs.push_back(text == nullptr ? nullptr : &values_.emplace_back(J(*text)));
    }
    return outputs;
  }
  const std::string* FindText(Document::Kind kind, StepKey key) const override {
    auto text = store_.GetDocument(kRunId, kind, static_cast<int32_t>(key.step), key.item);
    return text.ok() && *text ? &texts_.emplace_back(**text) : nullptr;
  }

 private:
  Store& store_;
  mutable std::deque<std::string> texts_;
  mutable std::deque<Json> values_;
};

}  // namespace

Simulation::Simulation(uint64_t seed) : random_(seed), store_(MakeMemoryStore()) {
  MakeWorkflow();
  run_.identity.id = kRunId;
  run_.identity.workflow_id = "wf_sim";
  run_.identity.workflow_version = 1;
  run_.identity.created_us = now_us_;
  run_.identity.approve_every_step = Chance(5);
  run_.context = std::make_shared<const Json>(J(R"({"n":1,"o":{"a":[1,2]}})"));
  BuildIndex(*definition_, run_);
  StoreRun();
}

void Simulation::StoreRun() {
  Change change;
  AddNewRun(run_, change);
  const Change* changes[] = {&change};
  if (!store_->Commit(changes).ok()) Fail("the run could not be stored");
}

std::string Simulation::Play() {
  Chance(15) ? Decide(RunQueued{}) : Decide(RunBegun{});
  while (broken_.empty() && turns_++ < kMaxTurns) {
    if (turns_ < kWildTurns) {
      TakeTurn();
    } else if (!IsTerminal(run_.progress.status)) {
      TakeCalmTurn();
    } else {
      break;
    }
  }
  if (broken_.empty() && !IsTerminal(run_.progress.status))
    Fail("the run does not end: it is " + std::string(ToText(run_.progress.status)));
  if (broken_.empty()) CheckAgainstStore();
  return broken_;
}

void Simulation::TakeTurn() {
  const int64_t dice = Below(100);
  if (run_.progress.queued && Chance(20)) return Decide(RunBegun{});
  if (!children_.empty() && Chance(20)) return EndChild(false);
  if (dice < 45) return AnswerSomething(false);
  if (dice < 70) return AdvanceClock();
  if (dice < 75) return Decide(TimerDue{now_us_});  // out of order
  if (dice < 85)
    return Decide(
        GateDecided{Chance(70) ? "" : "s" + std::to_string(Below(4)), {.approved = Chance(85)}, {.name = Chance(50) ? "a" : "b"}});
  if (dice < 86) return Chance(40) ? Decide(PauseRequested{"a"}) : Decide(ResumeRequested{"a"});
  if (dice < 88 && Chance(60)) return Decide(SignalSent{Chance(50) ? "go" : "other", R"({"s":1})", "a"});
  if (dice < 89 && Chance(60)) return Decide(CancelRequested{.force = Chance(30), .actor = "a", .grace_ms = Below(2'000)});
  if (dice < 93) return Crash();
  if (dice < 95 && retries_ < 3) {
    ++retries_;
    return Decide(RetryRequested{"a", Chance(70) ? "" : "s" + std::to_string(Below(6)), Chance(30)});
  }
  if (!answered_.empty()) Decide(answered_[static_cast<size_t>(Below(static_cast<int64_t>(answered_.size())))]);  // late or doubled
}

void Simulation::TakeCalmTurn() {
  if (!open_.empty()) return AnswerSomething(true);
  if (run_.progress.queued) return Decide(RunBegun{});
  if (!children_.empty()) return EndChild(true);
  if (run_.progress.paused) return Decide(ResumeRequested{"calm"});
  for (const auto& [key, state] : run_.steps) {
    if (state.status == StepStatus::kWaitingApproval) {
      return Decide(GateDecided{definition_->steps[key.step].id, {.approved = true}, {.name = "calm" + std::to_string(turns_)}});
    }
    if (state.wait == StepWait::kSignal && !state.wait_for.empty()) return Decide(SignalSent{state.wait_for, "{}", "calm"});
  }
  if (run_.progress.wake_us != 0) {
    const bool by_the_clock =
        std::any_of(run_.steps.begin(), run_.steps.end(), [](const auto& entry) { return entry.second.wait == StepWait::kInstant; });
    if (by_the_clock || Chance(50)) now_us_ = std::max(now_us_, run_.progress.wake_us);  // or the clock was set back meanwhile
    return Decide(TimerDue{run_.progress.wake_us});
  }
  Fail("the run is under way, but nothing of it is: a command was lost");
}

void Simulation::AnswerSomething(bool calm) {
  if (open_.empty()) return;
  const auto at = open_.begin() + Below(static_cast<int64_t>(open_.size()));
  AttemptFinished result = RandomResult(*at, calm);
  if (!Chance(3)) open_.erase(at);  // or it answers twice
  answered_.push_back(result);
  Decide(result);
}

void Simulation::EndChild(bool calm) {
  const auto child = std::next(children_.begin(), Below(static_cast<int64_t>(children_.size())));
  const auto [run_id, step] = *child;
  Decide(ChildEnded{step, run_id, RandomResult({}, calm)});
  const StepState* state = run_.FindStep(step);
  const bool waits =
      state != nullptr && state->status == StepStatus::kWaiting && state->wait == StepWait::kRun && state->wait_for == run_id;
  if (!waits || IsTerminal(run_.progress.status)) children_.erase(run_id);
}

void Simulation::NoteChildren(const std::vector<RunRequest>& requests) {
  for (const RunRequest& request : requests) {
    if (!born_.insert(request.run_id).second) Fail("the run " + request.run_id + " was started twice");
    if (!request.parent.run_id.empty()) children_.emplace(request.run_id, request.parent.step_key());
  }
}

AttemptFinished Simulation::RandomResult(const AttemptKey& key, bool calm) {
  AttemptFinished result;
  result.key = key;
  if (calm || Chance(65)) {
    result.output = R"({"v":)" + std::to_string(Below(100)) + "}";
    result.http_code = 200;
    return result;
  }
  const char* codes[] = {"network", "http_status", "input_invalid", "plugin_error"};
  result.outcome = Chance(10) ? AttemptFinished::Outcome::kCanceled : AttemptFinished::Outcome::kFailed;
  result.error = {codes[Below(4)], "random", false, ""};
  result.retry_after_ms = Chance(20) ? Below(1'000) : -1;
  return result;
}

void Simulation::AdvanceClock() {
  now_us_ += Below(600'000);
  if (Chance(3)) now_us_ -= Below(10'000'000);  // it was set back
  if (run_.progress.wake_us != 0 && run_.progress.wake_us <= now_us_) Decide(TimerDue{run_.progress.wake_us});
}

void Simulation::Decide(const Event& event) {
  if (!broken_.empty()) return;
  const StoredOutputs outputs(*store_);
  const Decision decision = orc::Decide(*definition_, run_, outputs, event, now_us_);
  const Decision again = orc::Decide(*definition_, run_, outputs, event, now_us_);
  if (again.changed != decision.changed || again.history.size() != decision.history.size() ||
      again.commands.size() != decision.commands.size()) {
    return Fail("the same arguments gave another decision");
  }
  CheckDecision(run_, decision);
  CheckEvent(event, decision);
  if (!decision.changed) return;
  if (Chance(3)) return Crash();  // before the commit: it never was
  if (!Commit(decision)) return;
  Apply(*definition_, decision, run_);
  CheckIndex();
  if (Chance(3)) return Crash();  // after it, before the commands
  CarryOut(decision.commands);
}

bool Simulation::Commit(const Decision& decided) {
  Decision decision = decided;
  Change change;
  AddDecision(run_.identity, decision, now_us_, change);
  change.run_updates.push_back({kRunId, run_.progress.revision, decision.progress});
  const Change* changes[] = {&change};
  const Result<void> result = store_->Commit(changes);
  if (!result.ok()) {
    Fail("commit: " + result.error().message);
    return false;
  }
  NoteChildren(decision.runs);
  for (const StepState& state : decision.steps) {
    if (state.status == StepStatus::kSucceeded && !completed_.contains({state.step, state.item})) {
      completed_.insert(state.key());
      completion_order_.push_back(state.key());
    }
  }
  return true;
}

void Simulation::CarryOut(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    // Some obey a cancel, some do not; either way an answer comes some day.
    if (command.kind != Command::Kind::kStartAttempt) continue;
    CheckStart(command.key);
    const std::string key = IdempotencyKeyOf(command.key, definition_->steps[command.key.step].id);
    const auto [at, is_new] = inputs_.emplace(key, command.input);
    if (!is_new && at->second != command.input) Fail("another input under the same idempotency key " + key);
    open_.push_back(command.key);
  }
}

void Simulation::Crash() {
  // What was in flight may still answer, to nobody.
  open_.clear();
  Reload();
  if (!IsTerminal(run_.progress.status) && broken_.empty()) Decide(HostLost{});
}

void Simulation::Reload() {
  Result<Run> run = store_->GetRun(kRunId);
  if (!run.ok()) return Fail("reload: " + run.error().message);
  run_ = *std::move(run);
  BuildIndex(*definition_, run_);
}

void Simulation::Fail(const std::string& what) {
  if (broken_.empty()) broken_ = what + " (turn " + std::to_string(turns_) + ")\n" + Transcript();
}

std::string Simulation::Transcript() const {
  std::string text;
  const auto rows = store_->ReadEvents(kRunId, 0, 100'000);
  for (const EventRow& row : *rows) {
    text += std::to_string(row.event.number) + " " + std::to_string(row.event.at_us) + " " + row.event.type + " " +
            std::to_string(row.event.step) + " " + row.event.payload + "\n";
  }
  return text;
}

}  // namespace orc::test
