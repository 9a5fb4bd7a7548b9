#include "engine/output_cache.h"

namespace orc {
namespace {

constexpr size_t kEntryBytes = 200;  // of the cache's own
constexpr size_t kParsedFactor = 5;  // a parsed document against its text (measured: 4.5)

}  // namespace

void OutputCache::Put(const Key& key, std::string text) {
  if (const auto found = entries_.find(key); found != entries_.end()) Remove(found->second);
  const size_t bytes = text.size() + kEntryBytes;
  order_.push_front({key, std::move(text), nullptr, bytes});
  entries_[key] = order_.begin();
  bytes_ += bytes;
  Shrink();
}

std::shared_ptr<const Json> OutputCache::Find(const Key& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  Entry& entry = order_.front();
  if (!entry.value) {
    Result<Json> parsed = ParseJson(entry.text, kOwnJson);
    entry.value = std::make_shared<const Json>(parsed.ok() ? *std::move(parsed) : Json(nullptr));
    bytes_ += entry.text.size() * (kParsedFactor - 1);
    entry.bytes += entry.text.size() * (kParsedFactor - 1);
    entry.text = std::string();
  }
  std::shared_ptr<const Json> value = entry.value;
  Shrink();
  return value;
}

void OutputCache::Forget(uint64_t generation) {
  auto at = entries_.lower_bound({generation, Document::Kind{}, 0, INT32_MIN});
  while (at != entries_.end() && at->first.generation == generation) Remove((at++)->second);
}

void OutputCache::Remove(Order::iterator entry) {
  bytes_ -= entry->bytes;
  entries_.erase(entry->key);
  order_.erase(entry);
}

void OutputCache::Shrink() {
  while (bytes_ > max_bytes_ && !order_.empty()) Remove(std::prev(order_.end()));
}

}  // namespace orc
