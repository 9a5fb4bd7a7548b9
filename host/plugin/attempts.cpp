#include "plugin/attempts.h"

#include <algorithm>
#include <atomic>

#include "base/ids.h"

namespace orc {
namespace {

/// Of the process, not of one registry: a plugin outlives them all.
std::atomic<uint64_t> last_id{0};
std::atomic<uint64_t> last_token{0};

uint64_t HashOf(const AttemptKey& key) {
  uint64_t hash = StableHash(key.run_id);
  for (const int64_t part : {int64_t{key.run_attempt}, int64_t{key.step}, int64_t{key.item}, int64_t{key.try_number}}) {
    hash = (hash ^ static_cast<uint64_t>(part)) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace

uint64_t Attempts::Begin(const AttemptKey& key, const LoadedAction& action, std::shared_ptr<const Redactor> own_redaction) {
  const uint64_t id = ++last_id;
  const uint64_t hash = HashOf(key);
  {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    shard.states.emplace(id, State{key, &action, std::move(own_redaction)});
  }
  KeyShard& keys = keys_[hash % kShards];
  std::lock_guard lock(keys.mutex);
  keys.ids.emplace(hash, id);
  return id;
}

std::optional<Attempts::Ended> Attempts::End(uint64_t id) {
  std::optional<Ended> ended;
  {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    const auto it = shard.states.find(id);
    if (it == shard.states.end()) return std::nullopt;
    State& state = it->second;
    ended = Ended{std::move(state.key), state.action, state.cancelled, {}, std::move(state.own_redaction)};
    for (const Call& call : state.calls) {
      if (call.http_call != 0) ended->http_calls.push_back(call.http_call);
    }
    shard.states.erase(it);
  }
  const uint64_t hash = HashOf(ended->key);
  KeyShard& keys = keys_[hash % kShards];
  std::lock_guard lock(keys.mutex);
  const auto [first, last] = keys.ids.equal_range(hash);
  const auto it = std::find_if(first, last, [&](const auto& entry) { return entry.second == id; });
  if (it != last) keys.ids.erase(it);
  return ended;
}

std::vector<uint64_t> Attempts::IdsOf(uint64_t hash) const {
  const KeyShard& keys = keys_[hash % kShards];
  std::lock_guard lock(keys.mutex);
  std::vector<uint64_t> ids;
  const auto [first, last] = keys.ids.equal_range(hash);
  for (auto it = first; it != last; ++it) ids.push_back(it->second);
  return ids;
}

Attempts::Cancelled Attempts::MarkCancelled(uint64_t id, State& state) {
  state.cancelled = true;
  Cancelled cancelled{id, state.action, {}};
  for (const Call& call : state.calls) {
    if (call.http_call != 0) cancelled.http_calls.push_back(call.http_call);
  }
  return cancelled;
}

std::optional<Attempts::Cancelled> Attempts::Cancel(const AttemptKey& key) {
  for (const uint64_t id : IdsOf(HashOf(key))) {
    Shard& shard = ShardOf(id);
    std::lock_guard lock(shard.mutex);
    const auto it = shard.states.find(id);
    if (it == shard.states.end() || it->second.key != key || it->second.cancelled) continue;
    return MarkCancelled(id, it->second);
  }
  return std::nullopt;
}

std::vector<Attempts::Cancelled> Attempts::CancelAll() {
  std::vector<Cancelled> all;
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    for (auto& [id, state] : shard.states) {
      if (!state.cancelled) all.push_back(MarkCancelled(id, state));
    }
  }
  return all;
}

std::optional<Attempts::Seen> Attempts::Find(uint64_t id) const {
  const Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.states.find(id);
  if (it == shard.states.end()) return std::nullopt;
  return Seen{it->second.key, it->second.action, it->second.cancelled, it->second.own_redaction};
}

bool Attempts::IsCancelled(uint64_t id) const {
  const Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.states.find(id);
  return it == shard.states.end() || it->second.cancelled;
}

size_t Attempts::Count() const {
  size_t count = 0;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    count += shard.states.size();
  }
  return count;
}

bool Attempts::HasAny(const LoadedAction& action) const {
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    for (const auto& [id, state] : shard.states) {
      if (state.action == &action) return true;
    }
  }
  return false;
}

uint64_t Attempts::AnnounceCall(uint64_t id) {
  Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.states.find(id);
  if (it == shard.states.end()) return 0;
  it->second.calls.push_back({++last_token, 0});
  return it->second.calls.back().token;
}

bool Attempts::NameCall(uint64_t id, uint64_t token, uint64_t http_call) {
  Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.states.find(id);
  if (it == shard.states.end()) return false;
  for (Call& call : it->second.calls) {
    if (call.token == token) call.http_call = http_call;
  }
  return !it->second.cancelled;
}

void Attempts::ForgetCall(uint64_t id, uint64_t token) {
  Shard& shard = ShardOf(id);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.states.find(id);
  if (it != shard.states.end()) std::erase_if(it->second.calls, [&](const Call& call) { return call.token == token; });
}

}  // namespace orc
