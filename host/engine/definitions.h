// Parsed definitions, one per stored version, shared by every run of it.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/store.h"
#include "workflow/definition.h"

namespace orc {

/// An LRU over (workflow, version). Thread-safe.
class Definitions {
 public:
  explicit Definitions(Store& store, size_t capacity = 1000) : store_(store), capacity_(capacity) {}
  /// kNotFound when no such version is stored.
  Result<std::shared_ptr<const Definition>> Get(const std::string& workflow_id, int32_t version);

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const Definition>>;
  Store& store_;
  const size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> order_;  // most recent first
  std::unordered_map<std::string, std::list<Entry>::iterator> entries_;
};

}  // namespace orc
