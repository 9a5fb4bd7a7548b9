// The port through which secrets are read, and what keeps them from being shown.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "secrets/redactor.h"

namespace orc {

/// Thread-safe. Outlives every attempt and every plugin that may still speak.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  /// The value as it is now. The error says which secret and where it would come from, never a value.
  virtual Result<std::string> Read(const std::string& name) = 0;
  /// Of every value that this process has read; null when there is none.
  virtual std::shared_ptr<const Redactor> Redaction() const = 0;
};

}  // namespace orc
