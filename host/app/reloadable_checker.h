// A definition check whose rules can be exchanged while the server runs.
#pragma once

#include <memory>
#include <mutex>

#include "workflow/check.h"

namespace orc {

/// Thread-safe. A check under way ends by the rules it began with.
class ReloadableChecker final : public DefinitionChecker {
 public:
  explicit ReloadableChecker(std::shared_ptr<const DefinitionChecker> rules) : rules_(std::move(rules)) {}

  CheckReport Check(const Json& document, const Json* params) const override { return Rules()->Check(document, params); }

  void Exchange(std::shared_ptr<const DefinitionChecker> rules) {
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
  }

 private:
  std::shared_ptr<const DefinitionChecker> Rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
  }

  mutable std::mutex mutex_;
  std::shared_ptr<const DefinitionChecker> rules_;
};

}  // namespace orc
