// The attempts under way. An id is never used again within the process, so a late, second or unknown one is a harmless look-up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/run.h"
#include "plugin/loaded_action.h"
#include "secrets/redactor.h"

namespace orc {

/// Thread-safe: shards, each with its own lock.
class Attempts {
 public:
  struct Ended {
    AttemptKey key;
    const LoadedAction* action = nullptr;
    bool cancelled = false;
    std::vector<uint64_t> http_calls;  // of HttpService, still under way
    std::shared_ptr<const Redactor> own_redaction;
  };
  struct Cancelled {
    uint64_t id = 0;
    const LoadedAction* action = nullptr;
    std::vector<uint64_t> http_calls;
  };
  struct Seen {
    AttemptKey key;
    const LoadedAction* action = nullptr;
    bool cancelled = false;
    std::shared_ptr<const Redactor> own_redaction;
  };

  /// The new attempt's id. `own_redaction`: of what only its own input holds; may be null.
  uint64_t Begin(const AttemptKey& key, const LoadedAction& action, std::shared_ptr<const Redactor> own_redaction = nullptr);
  /// Takes the attempt out; only the first call for an id gets it.
  std::optional<Ended> End(uint64_t id);
  std::optional<Cancelled> Cancel(const AttemptKey& key);
  std::vector<Cancelled> CancelAll();
  std::optional<Seen> Find(uint64_t id) const;
  /// Also for an id that is not under way.
  bool IsCancelled(uint64_t id) const;
  size_t Count() const;
  bool HasAny(const LoadedAction& action) const;

  // An HTTP call of an attempt: announced before it is sent (0: the attempt is over), named once its number is known, forgotten when
  // it is done.
  uint64_t AnnounceCall(uint64_t id);
  /// False when the call must be cancelled: the attempt is over or was cancelled meanwhile.
  bool NameCall(uint64_t id, uint64_t token, uint64_t http_call);
  void ForgetCall(uint64_t id, uint64_t token);

 private:
  struct Call {
    uint64_t token;
    uint64_t http_call;  // 0: announced
  };
  struct State {
    AttemptKey key;
    const LoadedAction* action;
    std::shared_ptr<const Redactor> own_redaction;
    bool cancelled = false;
    std::vector<Call> calls = {};
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<uint64_t, State> states;
  };
  struct KeyShard {
    mutable std::mutex mutex;
    std::unordered_multimap<uint64_t, uint64_t> ids;  // hash of the key → id
  };
  static constexpr size_t kShards = 16;

  Shard& ShardOf(uint64_t id) { return shards_[id % kShards]; }
  const Shard& ShardOf(uint64_t id) const { return shards_[id % kShards]; }
  std::vector<uint64_t> IdsOf(uint64_t hash) const;
  static Cancelled MarkCancelled(uint64_t id, State& state);

  std::array<Shard, kShards> shards_;
  std::array<KeyShard, kShards> keys_;
};

}  // namespace orc
