#include "unit/engine/simulation.h"

#include <algorithm>

#include "engine/change_of_run.h"
#include "store/memory_store.h"
#include "unit/engine/case_run.h"

namespace orc::test {
namespace {

constexpr char kRunId[] = "run_sim";
constexpr int kWildTurns = 120;
constexpr int kMaxTurns = 2'000;

/// Reads from the store, as the engine does after a restart.
class StoredOutputs final : public Outputs {
 public:
  explicit StoredOutputs(Store& store) : store_(store) {}
  const Json* Find(uint32_t step, int32_t item) const override { return Parsed(Document::Kind::kOutput, step, item); }
  const Json* FindHeaders(uint32_t step, int32_t item) const override { return Parsed(Document::Kind::kResponseHeaders, step, item); }
  const std::string* FindInput(uint32_t step, int32_t item) const override { return Text(Document::Kind::kInput, step, item); }

 private:
  const std::string* Text(Document::Kind kind, uint32_t step, int32_t item) const {
    const auto documents = store_.GetDocuments(kRunId, kind, static_cast<int32_t>(step));
    for (const Document& document : *documents) {
      if (document.item == item) return &texts_.emplace_back(document.text);
    }
    return nullptr;
  }
  const Json* Parsed(Document::Kind kind, uint32_t step, int32_t item) const {
    const std::string* text = Text(kind, step, item);
    return text == nullptr ? nullptr : &values_.emplace_back(J(*text));
  }
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
  StoreRun();
}

void Simulation::MakeWorkflow() {
  std::string steps;
  const int64_t count = 1 + Below(7);
  for (int64_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    std::string step = R"({"id":"s)" + n + R"(","name":"n)" + n + '"';
    const int64_t kind = Below(10);
    if (kind == 0) {
      step += R"(,"action":"transform","input":{"set":{"n":)" + std::to_string(Below(3)) + "}}";
    } else if (kind == 1) {
      step += R"(,"action":"condition","input":{"key":"n","equals":1,"on_false":")" + std::string(Chance(50) ? "stop" : "fail") + "\"}";
    } else if (kind < 5 && i > 0) {
      step += R"(,"action":"http","input":{"n":"{{ context.n }}","last":"{{ steps.s)" + std::to_string(i - 1) + R"(.output }}"})";
    } else {
      step += R"(,"action":"http","input":{"n":)" + n + "}";
    }
    if (Chance(15)) step += R"(,"requires_approval":true)";
    if (Chance(50)) step += R"(,"retry":{"max":)" + std::to_string(Below(4)) + R"(,"backoff_ms":)" + std::to_string(Below(400)) + "}";
    if (Chance(30)) step += R"(,"timeout_ms":)" + std::to_string(1 + Below(500));
    steps += (i == 0 ? "" : ",") + step + "}";
  }
  definition_ = MakeDefinition(R"({"name":"sim","steps":[)" + steps + "]}");
}

void Simulation::StoreRun() {
  Change change;
  AddNewRun(run_, change);
  const Change* changes[] = {&change};
  if (!store_->Commit(changes).ok()) Fail("the run could not be stored");
}

std::string Simulation::Play() {
  Decide(RunBegun{});
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
  if (dice < 45) return AnswerSomething(false);
  if (dice < 70) return AdvanceClock();
  if (dice < 75) return Decide(TimerDue{now_us_});  // out of order
  if (dice < 85)
    return Decide(GateDecided{Chance(70) ? "" : "s" + std::to_string(Below(4)), {.approved = Chance(85), .actor = Chance(50) ? "a" : "b"}});
  if (dice < 87) return Decide(CancelRequested{.force = Chance(30), .actor = "a", .grace_ms = Below(2'000)});
  if (dice < 93) return Crash();
  if (dice < 95 && retries_ < 3) {
    ++retries_;
    return Decide(RetryRequested{"a"});
  }
  if (!answered_.empty()) Decide(answered_[static_cast<size_t>(Below(static_cast<int64_t>(answered_.size())))]);  // late or doubled
}

void Simulation::TakeCalmTurn() {
  if (!open_.empty()) return AnswerSomething(true);
  if (run_.progress.status == RunStatus::kWaitingApproval) return Decide(GateDecided{"", {.approved = true, .actor = "calm"}});
  if (run_.progress.wake_us != 0) {
    if (Chance(50)) now_us_ = std::max(now_us_, run_.progress.wake_us);  // or the clock was set back meanwhile
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
  Apply(decision, run_);
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
  for (const StepState& state : decision.steps) {
    if (state.status == StepStatus::kSucceeded) completed_.emplace(decision.progress.attempt, state.step);
  }
  return true;
}

void Simulation::CarryOut(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    if (command.kind == Command::Kind::kCancelAttempt) {
      // Some obey, some do not; either way an answer comes some day.
      continue;
    }
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
}

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
  if (IsTerminal(decision.progress.status)) {
    const auto is_start = [](const Command& command) { return command.kind == Command::Kind::kStartAttempt; };
    if (std::any_of(decision.commands.begin(), decision.commands.end(), is_start)) Fail("an attempt is started though the run is over");
    if (decision.progress.wake_us != 0) Fail("an ended run has a timer");
  }
}

void Simulation::CheckEvent(const Event& event, const Decision& decision) {
  const auto has = [&](Command::Kind kind, const AttemptKey& key) {
    return std::any_of(decision.commands.begin(), decision.commands.end(),
                       [&](const Command& command) { return command.kind == kind && command.key == key; });
  };
  std::optional<AttemptKey> under_way;
  for (const StepState& state : run_.steps) {
    if (state.status == StepStatus::kRunning) under_way = AttemptKey{kRunId, run_.progress.attempt, state.step, state.item, state.tries};
  }
  if (const auto* finished = std::get_if<AttemptFinished>(&event)) {
    if (decision.changed != (under_way == finished->key)) Fail("a completion counted that should not, or the other way round");
  }
  if (std::holds_alternative<HostLost>(event) && under_way && run_.progress.status == RunStatus::kRunning) {
    if (decision.commands.size() != 1 || !has(Command::Kind::kStartAttempt, *under_way))
      Fail("the lost try is not begun again as the same one");
  }
  if (std::holds_alternative<CancelRequested>(event) && under_way && decision.changed) {
    if (!has(Command::Kind::kCancelAttempt, *under_way)) Fail("the attempt under way is not told of the cancel");
  }
  for (const StepState& state : decision.steps) {
    if (state.tries > 1 + definition_->steps[state.step].retry.max) Fail("more tries than the policy allows");
  }
}

void Simulation::CheckStart(const AttemptKey& key) {
  if (IsTerminal(run_.progress.status)) Fail("something runs after the end");
  if (key.run_attempt != run_.progress.attempt) Fail("an attempt of another run attempt");
  if (std::find(open_.begin(), open_.end(), key) != open_.end()) Fail("the same try is started twice in one life");
  for (const auto& [attempt, step] : completed_) {
    if (step == key.step) Fail("a completed step is started again");
  }
}

void Simulation::CheckAgainstStore() {
  const Run memory = run_;
  Reload();
  if (memory.progress.revision != run_.progress.revision || memory.progress.status != run_.progress.status) Fail("memory and disk differ");
  if (memory.steps.size() != run_.steps.size()) Fail("memory and disk have other steps");
  if (!JsonEquals(*memory.context, *run_.context)) Fail("memory and disk have another context");
  for (size_t i = 0; i < memory.steps.size(); ++i) {
    if (memory.steps[i].status != run_.steps[i].status || memory.steps[i].tries != run_.steps[i].tries) Fail("a step differs on disk");
    if (!IsTerminal(memory.steps[i].status)) Fail("a step of an ended run is not over");
  }
  int64_t number = 0;
  const auto rows = store_->ReadEvents(kRunId, 0, 100'000);
  for (const EventRow& row : *rows) {
    if (row.event.number != ++number) Fail("the stored history has a gap");
  }
  if (number + 1 != run_.progress.next_event) Fail("the stored history is short");
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
