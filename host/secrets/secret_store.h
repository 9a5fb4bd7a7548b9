// The secrets that the configuration names, read where they are kept each time that one is needed: a changed file counts at once.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "secrets/secret_place.h"
#include "secrets/secret_source.h"

namespace orc {

/// Thread-safe.
class SecretStore final : public SecretSource {
 public:
  using Places = std::map<std::string, SecretPlace, std::less<>>;

  SecretStore(Places places, EnvironmentLookup environment);

  /// Takes the place of what was configured. Values that were read stay what is redacted.
  void Configure(Places places);

  Result<std::string> Read(const std::string& name) override;
  std::shared_ptr<const Redactor> Redaction() const override;

 private:
  static constexpr size_t kValuesKept = 8;  // of one secret: an answer may still show the one before

  void Remember(const std::string& name, const std::string& value);

  const EnvironmentLookup environment_;
  mutable std::mutex mutex_;
  Places places_;
  std::map<std::string, std::deque<std::string>> seen_;
  std::shared_ptr<const Redactor> redactor_;
  std::atomic<bool> has_values_{false};
};

}  // namespace orc
