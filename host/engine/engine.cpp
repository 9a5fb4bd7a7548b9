#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.h"
#include "engine/new_run.h"
#include "engine/recovery.h"
#include "engine/run_admission.h"
#include "engine/run_loop.h"

namespace orc {
namespace {

constexpr size_t kMaxInbox = 20'000;  // mail from outside beyond it is refused
constexpr auto kDrainLook = std::chrono::milliseconds(2);

Error Busy(const char* why) { return Error{ErrorCode::kUnavailable, why}; }

class LiveEngine final : public Engine, public AttemptSink, public RunPost {
 public:
  LiveEngine(const Options& options, const Clock& clock, IdSource& ids, Store& store, Definitions& definitions, ActionRunner& runner,
             Committer& committer)
      : parts_{options, clock, store, definitions, runner, committer, *this}, ids_(ids) {
    for (int i = 0; i < std::max(options.loops, 1); ++i) loops_.push_back(std::make_unique<RunLoop>(parts_));
    runner.Bind(*this);
  }
  ~LiveEngine() override { Stop(0); }

  Result<void> Start() override;
  void Stop(int64_t deadline_us) override;
  void CreateRun(NewRun new_run, Done done) override;
  void Submit(const std::string& run_id, Event event, std::optional<IdempotencyRow> remembered, Done done) override;
  Stats GetStats() const override;

  void OnFinished(AttemptFinished result) override;
  void OnLog(const AttemptKey& key, const std::string& action, std::string level, std::string text) override;

  void Deliver(const std::string& run_id, Event event) override;
  void Deliver(RunMail mail) override;

 private:
  RunLoop& LoopOf(const std::string& run_id) { return *loops_[loops_.size() == 1 ? 0 : StableHash(run_id) % loops_.size()]; }
  bool IsQuiet() const;
  void TakeUp(std::vector<std::string> run_ids, const std::shared_ptr<void>& token);
  void SetTimers(std::vector<std::pair<int64_t, std::string>> timers);
  Result<void> RestoreLimits();
  Result<BornRun> MakeLimited(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us);

  EngineParts parts_;
  IdSource& ids_;
  std::unique_ptr<Recovery> recovery_;  // ends after the loops: they hold its tokens
  std::vector<std::unique_ptr<RunLoop>> loops_;
  std::atomic<bool> accepting_{false};
  bool started_ = false;
};

Result<void> LiveEngine::Start() {
  if (started_) return Error{ErrorCode::kInternal, "the engine was started before"};
  ORC_RETURN_IF_ERROR(RestoreLimits());
  started_ = true;
  for (auto& loop : loops_) loop->Start();
  for (const std::string& run_id : parts_.limits.GrantAll()) Deliver(run_id, RunBegun{});
  Recovery::Ports ports;
  ports.take_up = [this](std::vector<std::string> run_ids, const std::shared_ptr<void>& token) { TakeUp(std::move(run_ids), token); };
  ports.set_timers = [this](std::vector<std::pair<int64_t, std::string>> timers) { SetTimers(std::move(timers)); };
  ports.deliver = [this](RunMail mail) { Deliver(std::move(mail)); };
  ports.is_full = [this] { return parts_.active_runs.load() >= parts_.options.max_active_runs; };
  ports.count_taken_up = [this] { return parts_.taken_up.load(); };
  recovery_ = std::make_unique<Recovery>(parts_.clock, parts_.store, parts_.committer, std::move(ports));
  recovery_->Start();
  accepting_ = true;
  return {};
}

void LiveEngine::Stop(int64_t deadline_us) {
  accepting_ = false;
  parts_.draining = true;
  if (recovery_) recovery_->Stop();
  while (started_ && !IsQuiet() && parts_.clock.SteadyUs() < deadline_us) std::this_thread::sleep_for(kDrainLook);
  for (auto& loop : loops_) loop->Stop();
}

bool LiveEngine::IsQuiet() const {
  return parts_.attempts.load() == 0 && std::all_of(loops_.begin(), loops_.end(), [](const auto& loop) { return loop->IsIdle(); });
}

void LiveEngine::CreateRun(NewRun new_run, Done done) {
  if (!accepting_) return done(Busy("the server is starting or stopping; it takes no new runs now"));
  if (parts_.active_runs.load(std::memory_order_relaxed) >= parts_.options.max_active_runs) {
    return done(Busy("too many runs are active; try again in a moment"));
  }
  auto definition = parts_.definitions.Get(new_run.identity.workflow_id, new_run.identity.workflow_version);
  if (!definition.ok()) return done(definition.error());
  const int64_t now_us = parts_.clock.NowUs();
  if (new_run.identity.id.empty()) new_run.identity.id = ids_.New(kRunPrefix);
  if (new_run.identity.created_us == 0) new_run.identity.created_us = now_us;
  // Those of schedules come in crowds, at midnight say: together they cost a few commits.
  const auto writer = new_run.schedule ? Committer::Writer::kCommitter : Committer::Writer::kCallerIfIdle;
  const Result<void> admitted = AdmitRun(**definition, new_run.identity, new_run.context, now_us);
  if (!admitted.ok()) return done(admitted.error());
  Result<BornRun> made = MakeLimited(std::move(new_run), *std::move(definition), now_us);
  if (!made.ok()) return done(made.error());
  BornRun& born = *made;
  born.slot->batch->answers.push_back({std::move(done), std::nullopt});

  born.slot->wall_ahead_us = now_us - parts_.clock.SteadyUs();

  // The loop knows of the run before the disk does, so that nobody takes it for one that lost its host. It need not be woken for that.
  RunSlot* slot = born.slot.get();
  const std::shared_ptr<Inbox> inbox = LoopOf(slot->id).shared_inbox();
  if (LoopMail mail(RunMade{std::move(born.slot)}); !inbox->Post(std::move(mail), Inbox::Wake::kLater)) {
    std::get<RunMade>(mail).slot->batch->answers.front().done(Busy("the server is stopping"));
    return;
  }
  auto on_done = [inbox, slot](const Result<void>& result) { inbox->Post(CommitEnded{slot, result, false}); };
  Result<void> taken = parts_.committer.Submit(std::move(born.change), Committer::Urgency::kNewWork, std::move(on_done), writer);
  if (!taken.ok()) inbox->Post(CommitEnded{slot, std::move(taken), true});
}

Result<BornRun> LiveEngine::MakeLimited(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us) {
  const std::string key = new_run.identity.limit_key;
  const std::string id = new_run.identity.id;
  Birth birth;
  if (!key.empty()) {
    RunLimits::Answer answer = parts_.limits.Enter(key, id, definition->limit);
    if (answer.place == RunLimits::Place::kNone) return Error{ErrorCode::kConflict, LimitReached(definition->limit)};
    if (answer.place == RunLimits::Place::kQueue) birth = {RunQueued{}, std::move(answer.to_cancel)};
  }
  Result<BornRun> born = MakeRun(std::move(new_run), std::move(definition), now_us, birth, parts_.store, parts_.definitions);
  if (born.ok() || key.empty()) return born;
  for (const std::string& run_id : parts_.limits.Withdraw(key, id)) Deliver(run_id, RunBegun{});
  return born;
}

/// Before anyone comes: who has a place and who waits for one.
Result<void> LiveEngine::RestoreLimits() {
  constexpr int kPage = 1'000;
  int64_t after_us = 0;
  std::string after_id;
  while (true) {
    ORC_ASSIGN_OR_RETURN(const std::vector<Run> page, parts_.store.ListLimitedRuns(after_us, after_id, kPage));
    for (const Run& run : page) {
      const RunIdentity& identity = run.identity;
      if (run.progress.status == RunStatus::kPending) continue;  // it enters when it begins
      const auto definition = parts_.definitions.Get(identity.workflow_id, identity.workflow_version);
      if (definition.ok()) parts_.limits.Restore(identity.limit_key, identity.id, (*definition)->limit, run.progress.queued);
    }
    if (page.size() < kPage) return {};
    after_us = page.back().identity.created_us;
    after_id = page.back().identity.id;
  }
}

void LiveEngine::Deliver(const std::string& run_id, Event event) {
  LoopOf(run_id).inbox().Post(EngineEvent{run_id, std::move(event), std::nullopt});
}

void LiveEngine::Deliver(RunMail mail) {
  Event event = ChildEnded{.step = {mail.step, mail.item}, .run_id = mail.from};
  if (mail.kind != RunMail::Kind::kEnded) {
    event = CancelRequested{mail.kind == RunMail::Kind::kForceCancel, "run:" + mail.from, parts_.options.cancel_grace_ms};
  }
  const std::string to = mail.to;
  LoopOf(to).inbox().Post(EngineEvent{to, std::move(event), std::move(mail)});
}

void LiveEngine::Submit(const std::string& run_id, Event event, std::optional<IdempotencyRow> remembered, Done done) {
  if (!accepting_) return done(Busy("the server is starting or stopping"));
  if (auto* cancel = std::get_if<CancelRequested>(&event)) cancel->grace_ms = parts_.options.cancel_grace_ms;
  Inbox& inbox = LoopOf(run_id).inbox();
  if (inbox.Size() >= kMaxInbox) return done(Busy("too much is waiting to be decided; try again in a moment"));
  LoopMail mail(ClientEvent{run_id, std::move(event), std::move(remembered), std::move(done)});
  if (!inbox.Post(std::move(mail))) std::get<ClientEvent>(mail).done(Busy("the server is stopping"));
}

void LiveEngine::OnFinished(AttemptFinished result) {
  Inbox& inbox = LoopOf(result.key.run_id).inbox();
  inbox.Post(std::move(result));
  --parts_.attempts;  // after the post: whoever sees none under way finds the last one's mail
}

void LiveEngine::OnLog(const AttemptKey& key, const std::string& action, std::string level, std::string text) {
  LogRow row;
  row.run_id = key.run_id;
  row.at_us = parts_.clock.NowUs();
  row.step = static_cast<int32_t>(key.step);
  row.try_number = key.try_number;
  row.level = std::move(level);
  row.source = action;
  row.text = std::move(text);
  Inbox& inbox = LoopOf(key.run_id).inbox();
  if (inbox.Size() < kMaxInbox) inbox.Post(std::move(row));
}

void LiveEngine::TakeUp(std::vector<std::string> run_ids, const std::shared_ptr<void>& token) {
  std::vector<std::vector<std::string>> shards(loops_.size());
  for (std::string& id : run_ids) shards[StableHash(id) % shards.size()].push_back(std::move(id));
  for (size_t i = 0; i < shards.size(); ++i) {
    if (!shards[i].empty()) loops_[i]->inbox().Post(RunsFound{std::move(shards[i]), token});
  }
}

void LiveEngine::SetTimers(std::vector<std::pair<int64_t, std::string>> timers) {
  std::vector<std::vector<std::pair<int64_t, std::string>>> shards(loops_.size());
  for (auto& timer : timers) shards[StableHash(timer.second) % shards.size()].push_back(std::move(timer));
  for (size_t i = 0; i < shards.size(); ++i) {
    if (!shards[i].empty()) loops_[i]->inbox().Post(TimersFound{std::move(shards[i])});
  }
}

Engine::Stats LiveEngine::GetStats() const {
  Stats stats;
  stats.active_runs = parts_.active_runs.load(std::memory_order_relaxed);
  for (const auto& loop : loops_) stats.timers += loop->timers();
  return stats;
}

}  // namespace

std::unique_ptr<Engine> Engine::Make(const Options& options, const Clock& clock, IdSource& ids, Store& store, Definitions& definitions,
                                     ActionRunner& runner, Committer& committer, Notifier&) {
  return std::make_unique<LiveEngine>(options, clock, ids, store, definitions, runner, committer);
}

}  // namespace orc
