// A whole engine over a memory store, and a way to kill and restart it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "engine/engine.h"
#include "unit/engine/faulty_store.h"
#include "unit/engine/scripted_runner.h"

namespace orc::test {

/// Looks again and again until it holds; false when patience ends.
inline bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// The system's clock; a test may set the wall clock.
class SettableClock final : public Clock {
 public:
  int64_t NowUs() const override { return system_.NowUs() + ahead_us_; }
  int64_t SteadyUs() const override { return system_.SteadyUs(); }
  void Set(int64_t ahead_us) { ahead_us_ = ahead_us; }

 private:
  SystemClock system_;
  std::atomic<int64_t> ahead_us_{0};
};

class EngineBench {
 public:
  explicit EngineBench(Engine::Options options = {}) : options_(options) { Boot(); }
  ~EngineBench() { Kill(); }

  void Boot() {
    notifier = std::make_unique<Notifier>();
    committer = std::make_unique<Committer>(store, clock, *notifier);
    definitions = std::make_unique<Definitions>(store);
    engine = Engine::Make(options_, clock, ids, store, *definitions, runner, *committer, *notifier);
    committer->Start();
    const Result<void> started = engine->Start();
    EXPECT_TRUE(started.ok());
  }
  /// As the death of the process: nothing is waited for.
  void Kill() {
    if (!engine) return;
    engine->Stop(0);
    committer->Stop();
    engine.reset();
  }
  void Restart() {
    Kill();
    Boot();
  }

  /// Stores a definition; its id is given back.
  std::string AddWorkflow(const std::string& definition) {
    const std::string id = ids.New(kWorkflowPrefix);
    Change change;
    change.new_workflows.push_back({.id = id, .name = "test", .created_us = clock.NowUs(), .updated_us = clock.NowUs()});
    change.new_versions.push_back({ids.New(kVersionPrefix), id, 1, definition, clock.NowUs()});
    const Change* changes[] = {&change};
    const Result<void> stored = store.Commit(changes);
    EXPECT_TRUE(stored.ok());
    return id;
  }

  static NewRun RunOf(const std::string& workflow_id) {
    NewRun run;
    run.identity.workflow_id = workflow_id;
    run.identity.workflow_version = 1;
    run.context = std::make_shared<const Json>(JsonObject{});
    return run;
  }
  Result<RunSnapshot> Create(NewRun run) {
    return Await([&](Engine::Done done) { engine->CreateRun(std::move(run), std::move(done)); });
  }
  /// Makes a run and gives its id.
  std::string Begin(const std::string& workflow_id) {
    Result<RunSnapshot> made = Create(RunOf(workflow_id));
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    return made.ok() ? made->run->identity.id : "";
  }
  Result<RunSnapshot> Submit(const std::string& run_id, Event event) {
    return Await([&](Engine::Done done) { engine->Submit(run_id, std::move(event), std::nullopt, std::move(done)); });
  }
  Result<RunSnapshot> Approve(const std::string& run_id) { return Submit(run_id, GateDecided{"", {.approved = true, .actor = "ana"}}); }

  RunStatus StatusOf(const std::string& run_id) {
    const Result<RunProgress> progress = store.GetRunProgress(run_id);
    return progress.ok() ? progress->status : RunStatus::kPending;
  }
  bool WaitForStatus(const std::string& run_id, RunStatus status) {
    return Eventually([&] { return StatusOf(run_id) == status; });
  }

  SettableClock clock;
  IdSource ids{clock, 7};
  FaultyStore store;
  ScriptedRunner runner;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<Definitions> definitions;
  std::unique_ptr<Engine> engine;

 private:
  static Result<RunSnapshot> Await(const std::function<void(Engine::Done)>& call) {
    auto promise = std::make_shared<std::promise<Result<RunSnapshot>>>();
    auto answer = promise->get_future();
    // A second call would throw from set_value, and end the test.
    call([promise](Result<RunSnapshot> result) { promise->set_value(std::move(result)); });
    if (answer.wait_for(kPatience) == std::future_status::ready) return answer.get();
    return Error{ErrorCode::kInternal, "no answer came"};
  }
  const Engine::Options options_;
};

inline std::string HttpStep(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","name":")" + id + R"(","action":"http","input":{"url":"http://x/)" + id + "\"}" + more + "}";
}
inline std::string Steps(const std::string& steps) { return R"({"name":"test","steps":[)" + steps + "]}"; }
inline std::string ThreeSteps() { return Steps(HttpStep("a") + "," + HttpStep("b") + "," + HttpStep("c")); }

}  // namespace orc::test
