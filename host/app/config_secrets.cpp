#include "app/config_secrets.h"

#include <array>
#include <utility>

#include "base/nearest.h"

namespace orc {
namespace {

constexpr std::array<std::pair<std::string_view, SecretPlace::Kind>, 3> kKinds = {
    {{"env", SecretPlace::Kind::kEnvironment}, {"file", SecretPlace::Kind::kFile}, {"credential", SecretPlace::Kind::kCredential}}};
constexpr const char* kExpected = "must be {env: VARIABLE}, {file: PATH} or {credential: NAME}";

/// Members that are set, by the kind of place that they name.
std::vector<std::pair<SecretPlace::Kind, const Json*>> PlacesIn(const Json& secret) {
  std::vector<std::pair<SecretPlace::Kind, const Json*>> places;
  for (const auto& [key, kind] : kKinds) {
    const Json* at = Find(secret, key);
    if (at != nullptr && !at->is_null()) places.emplace_back(kind, at);
  }
  return places;
}

std::string PlaceFault(SecretPlace::Kind kind, std::string_view at) {
  if (at.empty() || at.find('\0') != std::string_view::npos) return std::string(kExpected) + ", each a text that is not empty";
  if (kind == SecretPlace::Kind::kEnvironment && at.find('=') != std::string_view::npos)
    return "no environment variable has a = in its name";
  const bool is_path = at.find('/') != std::string_view::npos || at == "." || at == "..";
  if (kind == SecretPlace::Kind::kCredential && is_path)
    return "a credential is a file's name in $CREDENTIALS_DIRECTORY, without any folder";
  return {};
}

/// Never quotes what was found: it may be the secret itself, put there by mistake.
std::string SecretFault(const std::string& name, const Json& secret) {
  if (!IsSecretName(name)) return "the name of a secret is made of letters, digits and _, no digit first";
  if (!secret.is_object()) return std::string(kExpected) + ", found something else (a value itself does not belong here)";
  const auto places = PlacesIn(secret);
  if (places.size() != 1) return std::string(kExpected) + ", found " + (places.empty() ? "none of them" : "more than one of them");
  const auto& [kind, at] = places.front();
  return PlaceFault(kind, at->is_string() ? std::string_view(at->get_string()) : std::string_view());
}

}  // namespace

std::vector<SourceFault> SecretFaults(const YamlDocument& document) {
  std::vector<SourceFault> faults;
  const Json* secrets = Find(document.value, "secrets");
  if (secrets == nullptr) return faults;
  for (const auto& member : secrets->get_object()) {
    const std::string name(member.key()), pointer = Pointer("/secrets", name);
    const size_t before = faults.size();
    if (member.value().is_object()) {
      for (const auto& key : member.value().get_object()) {
        const std::string given(key.key());
        if (given == "env" || given == "file" || given == "credential") continue;
        faults.push_back({document.PlaceOf(Pointer(pointer, given)),
                          "the key \"" + given + "\" is not known" + DidYouMean(given, {"env", "file", "credential"})});
      }
    }
    const std::string fault = faults.size() == before ? SecretFault(name, member.value()) : std::string();
    if (!fault.empty()) faults.push_back({document.PlaceOf(pointer), "secrets." + name + ": " + fault});
  }
  return faults;
}

SecretStore::Places SecretPlaces(const Json& config) {
  SecretStore::Places places;
  const Json* secrets = Find(config, "secrets");
  if (secrets == nullptr) return places;
  for (const auto& member : secrets->get_object()) {
    const auto [kind, at] = PlacesIn(member.value()).front();
    places.emplace(std::string(member.key()), SecretPlace{kind, std::string(at->get_string())});
  }
  return places;
}

std::vector<SourceFault> SecretWarnings(const YamlDocument& document, const SecretStore::Places& places,
                                        const EnvironmentLookup& environment) {
  std::vector<SourceFault> warnings;
  for (const auto& [name, place] : places) {
    const auto value = ReadSecret(place, environment);
    std::string warning;
    if (!value.ok()) warning = value.error().message + "; steps that name the secret fail until it is there";
    if (value.ok() && value->size() < Redactor::kLeastBytes) {
      warning = "the value has fewer than " + std::to_string(Redactor::kLeastBytes) + " bytes: it is not redacted where it comes back";
    }
    if (!warning.empty()) warnings.push_back({document.PlaceOf(Pointer("/secrets", name)), "secrets." + name + ": " + warning});
  }
  return warnings;
}

}  // namespace orc
