// What a configuration names must be there and make sense: what its schema can't say.
#pragma once

#include <vector>

#include "app/yaml_document.h"

namespace orc {

/// Checks the files, folders and addresses that `document` names, and its database; every fault with its place.
std::vector<SourceFault> CheckMeaning(const YamlDocument& document);

}  // namespace orc
