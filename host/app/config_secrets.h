// The section `secrets` of the configuration.
#pragma once

#include <vector>

#include "app/yaml_document.h"
#include "secrets/secret_store.h"

namespace orc {

/// What its schema can't say: names, and that each secret has exactly one place.
std::vector<SourceFault> SecretFaults(const YamlDocument& document);

/// Of a configuration without faults.
SecretStore::Places SecretPlaces(const Json& config);

/// Secrets that can't be read now, and those too short to be redacted. Reads every one; holds nothing of a value.
std::vector<SourceFault> SecretWarnings(const YamlDocument& document, const SecretStore::Places& places,
                                        const EnvironmentLookup& environment);

}  // namespace orc
