#include "secrets/secret_place.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/read_file.h"

namespace orc {
namespace {

constexpr size_t kMaxBytes = 64u << 10;

Error CannotBeUsed(std::string message) { return Error{ErrorCode::kUnavailable, std::move(message)}; }

Result<std::string> ReadSecretFile(const std::string& path, const std::string& shown) {
  auto text = ReadFile(path, kMaxBytes);
  if (!text.ok()) return CannotBeUsed(shown + " can't be read: " + text.error().message);
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return text;
}

Result<std::string> Usable(std::string value, const std::string& shown) {
  if (value.empty()) return CannotBeUsed(shown + " is empty");
  if (value.size() > kMaxBytes) return CannotBeUsed(shown + " has more than the " + std::to_string(kMaxBytes) + " bytes allowed");
  if (value.find('\0') != std::string::npos) return CannotBeUsed(shown + " holds a NUL byte, and a secret is text");
  if (!IsUtf8(value)) return CannotBeUsed(shown + " is not UTF-8, and a secret is text; encode bytes by base64");
  return value;
}

}  // namespace

Result<std::string> ReadSecret(const SecretPlace& place, const EnvironmentLookup& environment) {
  std::string path = place.at;
  std::string shown = "the file " + path;
  if (place.kind == SecretPlace::Kind::kEnvironment) {
    shown = "the environment variable " + place.at;
    auto value = environment(place.at);
    return value ? Usable(*std::move(value), shown) : CannotBeUsed(shown + " is not set");
  }
  if (place.kind == SecretPlace::Kind::kCredential) {
    const auto folder = environment("CREDENTIALS_DIRECTORY");
    shown = "the credential " + place.at;
    if (!folder || folder->empty()) return CannotBeUsed(shown + " can't be read: $CREDENTIALS_DIRECTORY is not set");
    path = *folder + "/" + place.at;
  }
  ORC_ASSIGN_OR_RETURN(std::string text, ReadSecretFile(path, shown));
  return Usable(std::move(text), shown);
}

bool IsSecretName(std::string_view name) {
  const auto may_be = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 && std::all_of(name.begin(), name.end(), may_be);
}

}  // namespace orc
