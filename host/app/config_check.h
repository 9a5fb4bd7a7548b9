// Holds a configuration against schema/config.schema.json.
#pragma once

#include <string>
#include <vector>

#include "app/yaml_document.h"
#include "base/json.h"
#include "base/result.h"

namespace orc {

/// Checks `document.value` by the schema file; afterwards the value has no empty (null) and no unknown keys. Every fault with its place.
/// The error is about the schema file itself.
Result<std::vector<SourceFault>> CheckConfig(const std::string& schema_file, YamlDocument& document);

}  // namespace orc
