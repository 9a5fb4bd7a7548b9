#include "secrets/secret_store.h"

#include <algorithm>

#include "base/nearest.h"

namespace orc {

SecretStore::SecretStore(Places places, EnvironmentLookup environment) : environment_(std::move(environment)) {
  Configure(std::move(places));
}

void SecretStore::Configure(Places places) {
  {
    const std::lock_guard lock(mutex_);
    places_ = places;
  }
  // What is not there yet is read when it is needed, and said by whoever checks the configuration.
  for (const auto& [name, place] : places) {
    if (const auto value = ReadSecret(place, environment_); value.ok()) Remember(name, *value);
  }
}

Result<std::string> SecretStore::Read(const std::string& name) {
  SecretPlace place;
  {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(name);
    if (found == places_.end()) {
      std::vector<std::string> known;
      for (const auto& [other, at] : places_) known.push_back(other);
      return Error{ErrorCode::kNotFound, "the configuration has no secret \"" + name + "\"" + DidYouMean(name, known)};
    }
    place = found->second;
  }
  auto value = ReadSecret(place, environment_);
  if (!value.ok()) return Error{ErrorCode::kUnavailable, "the secret \"" + name + "\" is not there: " + value.error().message};
  Remember(name, *value);
  return value;
}

void SecretStore::Remember(const std::string& name, const std::string& value) {
  const std::lock_guard lock(mutex_);
  std::deque<std::string>& values = seen_[name];
  if (std::find(values.begin(), values.end(), value) != values.end()) return;
  values.push_back(value);
  if (values.size() > kValuesKept) values.pop_front();
  std::vector<Redactor::Secret> secrets;
  for (const auto& [of, kept] : seen_) {
    for (const std::string& one : kept) secrets.push_back({of, one});
  }
  redactor_ = std::make_shared<const Redactor>(secrets);
  has_values_ = true;
}

std::shared_ptr<const Redactor> SecretStore::Redaction() const {
  if (!has_values_.load(std::memory_order_acquire)) return nullptr;
  const std::lock_guard lock(mutex_);
  return redactor_;
}

}  // namespace orc
