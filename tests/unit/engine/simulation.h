// One simulated schedule: a random workflow, a random world, Decide and a memory store, on a virtual clock. The seed is all there is to it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/decide.h"
#include "engine/store.h"

namespace orc::test {

inline constexpr char kRunId[] = "run_sim";

/// Plays the part of a host that crashes, of attempts that answer late, twice or never, and of people who approve and cancel.
class Simulation {
 public:
  explicit Simulation(uint64_t seed);

  /// Drives the run until it is over. Empty, or the invariant that broke.
  std::string Play();
  /// The whole history as text: the same seed must give the same.
  std::string Transcript() const;
  RunStatus final_status() const { return run_.progress.status; }

 private:
  void MakeWorkflow();
  std::string RandomStep(int64_t number, bool in_graph);
  std::string RandomWork(int64_t number);
  void StoreRun();
  bool Chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  int64_t Below(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }

  /// One event of the random world.
  void TakeTurn();
  /// Nobody disturbs any more: what is under way ends well, gates are approved.
  void TakeCalmTurn();
  void AnswerSomething(bool calm);
  /// One of the sub-workflows comes to its end; it tells of it until the run has heard.
  void EndChild(bool calm);
  void NoteChildren(const std::vector<RunRequest>& requests);
  void AdvanceClock();
  void Decide(const Event& event);
  bool Commit(const Decision& decision);
  void CarryOut(const std::vector<Command>& commands);
  void Crash();
  void Reload();

  AttemptFinished RandomResult(const AttemptKey& key, bool calm);
  void CheckDecision(const Run& before, const Decision& decision);
  void CheckEvent(const Event& event, const Decision& decision);
  void CheckStart(const AttemptKey& key);
  void CheckAgainstStore();
  /// What is kept up to date must be what counting anew gives.
  void CheckIndex();
  void CheckOrder(const AttemptKey& key);
  void Fail(const std::string& what);

  std::mt19937_64 random_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<const Definition> definition_;
  Run run_;
  int64_t now_us_ = 1'700'000'000'000'000;
  std::vector<AttemptKey> open_;               // started in this life of the host, not answered
  std::vector<AttemptFinished> answered_;      // may come once more
  std::set<StepKey> completed_;                // whose success is on the disk
  std::vector<StepKey> completion_order_;      // the same, first to last
  std::vector<StepKey> undone_;                // compensations, in the order of their first start
  std::map<std::string, StepKey> children_;    // sub-workflows whose end the run has not heard of
  std::set<std::string> born_;                 // all of them
  std::map<std::string, std::string> inputs_;  // by idempotency key: what was sent
  int turns_ = 0;
  int retries_ = 0;
  std::string broken_;
};

}  // namespace orc::test
