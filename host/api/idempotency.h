// `Idempotency-Key`: the same request again gets the first answer again.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "api/request.h"
#include "api/response.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/committer.h"
#include "engine/store.h"

namespace orc {

inline constexpr const char* kReplayHeader = "Idempotent-Replayed";

/// A key that is under way: no second request with it begins until Release, or until the last copy is let go.
class IdempotencyClaim {
 public:
  ~IdempotencyClaim() { Release(); }
  IdempotencyClaim(const IdempotencyClaim&) = delete;
  IdempotencyClaim& operator=(const IdempotencyClaim&) = delete;
  /// To be called before the answer is sent: a client may repeat its request the moment it has the answer. Once is enough.
  void Release();
  /// The row that remembers `answer`, to be written in the same transaction as the thing itself.
  IdempotencyRow RowFor(const Response& answer, int64_t now_us) const;

 private:
  friend class IdempotencyKeys;
  /// Shared, since a commit may end after the server has stopped.
  struct UnderWay {
    std::mutex mutex;
    std::set<std::pair<std::string, std::string>> keys;  // scope, key
  };
  IdempotencyClaim(std::shared_ptr<UnderWay> under_way, std::string scope, std::string key, std::string hash)
      : under_way_(std::move(under_way)), scope_(std::move(scope)), key_(std::move(key)), hash_(std::move(hash)) {}
  const std::shared_ptr<UnderWay> under_way_;
  const std::string scope_;
  const std::string key_;
  const std::string hash_;
  std::atomic<bool> is_released_{false};
};
using IdempotencyClaimPtr = std::shared_ptr<IdempotencyClaim>;

/// Thread-safe.
class IdempotencyKeys {
 public:
  IdempotencyKeys(Store& store, Committer& committer, const Clock& clock) : store_(store), committer_(committer), clock_(clock) {}

  struct Verdict {
    std::optional<Response> replay;  // the first answer: send it
    IdempotencyClaimPtr claim;       // null: no key was sent
  };
  /// kInvalid when the key came with another body before, kConflict while it is under way, kUnreadable for a bad key.
  Result<Verdict> Begin(const Request& request);

 private:
  void PruneNowAndThen();

  Store& store_;
  Committer& committer_;
  const Clock& clock_;
  const std::shared_ptr<IdempotencyClaim::UnderWay> under_way_ = std::make_shared<IdempotencyClaim::UnderWay>();
  std::atomic<int64_t> pruned_us_{0};
};

}  // namespace orc
