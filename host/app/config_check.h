// Holds a configuration against schema/config.schema.json.
#pragma once

#include <string>
#include <vector>

#include "app/yaml_document.h"
#include "base/json.h"
#include "base/result.h"

namespace orc {

/// Checks `document.value` by the schema file; afterwards the value has no empty (null) and no unknown keys, and durations and sizes are
/// numbers (ms, bytes). Every fault with its place.
/// The error is about the schema file itself.
Result<std::vector<SourceFault>> CheckConfig(const std::string& schema_file, YamlDocument& document);

/// "/server/port" → "server.port".
std::string Dotted(const std::string& pointer);

}  // namespace orc
