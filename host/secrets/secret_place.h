// Where one secret comes from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace orc {

/// Answers the value of an environment variable, or nothing when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

struct SecretPlace {
  enum class Kind : uint8_t { kEnvironment, kFile, kCredential };
  Kind kind = Kind::kEnvironment;
  std::string at = {};  // name of the variable, path of the file, name of the credential below $CREDENTIALS_DIRECTORY
  bool operator==(const SecretPlace&) const = default;
};

/// Reads it now. UTF-8 without NUL, 1 byte to 64 KiB; of a file one newline at the end is no part of it. The error is a sentence that names
/// the place and holds nothing of the value.
Result<std::string> ReadSecret(const SecretPlace& place, const EnvironmentLookup& environment);

/// [A-Za-z_][A-Za-z0-9_]*
bool IsSecretName(std::string_view name);

}  // namespace orc
