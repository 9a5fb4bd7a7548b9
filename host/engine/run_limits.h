// The runs that share a limit of their workflow: who has a place, and who waits for one.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "workflow/policies.h"

namespace orc {

/// Runs of one key count together. Each is asked for its own limit: that of the version it began with. Thread-safe.
class RunLimits {
 public:
  enum class Place : uint8_t {
    kFree,   // it has one
    kQueue,  // it waits: Leave of another names it when its turn comes
    kNone,   // it is turned away
  };
  struct Answer {
    Place place = Place::kFree;
    std::vector<std::string> to_cancel = {};  // runs that must make way, oldest first
  };

  /// A run that is in already gets the place that it has.
  Answer Enter(const std::string& key, const std::string& run_id, const LimitPolicy& policy);
  /// One that the disk shows: it has its place (or waits) whatever the limit says. In the order in which they came.
  void Restore(const std::string& key, const std::string& run_id, const LimitPolicy& policy, bool waits);
  /// It is over: those that have a place now. Unknown runs are taken for gone.
  std::vector<std::string> Leave(const std::string& key, const std::string& run_id);
  /// It never was, and nobody was told to make way for it: likewise.
  std::vector<std::string> Withdraw(const std::string& key, const std::string& run_id);
  /// Those whose turn it is though nobody left: after Restore.
  std::vector<std::string> GrantAll();

 private:
  struct Member {
    std::string run_id;
    int32_t limit = 1;
    std::string makes_way_for = {};  // whose coming had it cancelled
  };
  using Members = std::map<uint64_t, Member>;  // by arrival
  struct Group {
    Members holders;
    Members waiting;
    std::unordered_map<std::string, uint64_t> arrivals;  // of both
  };
  static void Add(Group& group, Members& members, const std::string& run_id, const LimitPolicy& policy, uint64_t arrival);
  static std::vector<std::string> ChooseVictims(Group& group, const std::string& newest, int32_t limit);
  static void Grant(Group& group, std::vector<std::string>& granted);

  std::mutex mutex_;
  std::unordered_map<std::string, Group> groups_;
  uint64_t last_arrival_ = 0;
};

/// A sentence for who was turned away.
std::string LimitReached(const LimitPolicy& policy);

}  // namespace orc
