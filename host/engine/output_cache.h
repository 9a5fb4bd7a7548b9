// Outputs of steps that expressions may read again soon: bounded in bytes, parsed when first read.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "engine/decide.h"

namespace orc {

/// An LRU of one loop's thread. `generation` names a stay of a run in memory, so that nothing of an earlier stay is found.
class OutputCache {
 public:
  struct Key {
    uint64_t generation;
    Document::Kind kind;
    uint32_t step;
    int32_t item;
    auto operator<=>(const Key&) const = default;  // NOLINT(modernize-use-nullptr): what the compiler makes of it
  };
  explicit OutputCache(size_t max_bytes) : max_bytes_(max_bytes) {}

  void Put(const Key& key, std::string text);
  /// Null when it is not here. What it gives stays as long as it is held.
  std::shared_ptr<const Json> Find(const Key& key);
  void Forget(uint64_t generation);
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Key key;
    std::string text;  // until it is parsed
    std::shared_ptr<const Json> value;
    size_t bytes;
  };
  using Order = std::list<Entry>;
  void Remove(Order::iterator entry);
  void Shrink();

  const size_t max_bytes_;
  size_t bytes_ = 0;
  Order order_;  // most recent first
  std::map<Key, Order::iterator> entries_;
};

}  // namespace orc
