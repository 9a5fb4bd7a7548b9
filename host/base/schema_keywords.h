// The keywords of one schema: their shapes, and those that are renamed to ones of our own.
#pragma once

#include <re2/re2.h>

#include <string>
#include <vector>

#include "base/json.h"

namespace orc {

/// How every `pattern` is compiled: silent, in little memory.
re2::RE2::Options PatternOptions();

/// Renames the keywords that schema_lint.h lists, leaves out remarks, and reports what valijson could not bear. `object` has no `$ref`.
void RenameKeywords(JsonObject& object, const std::string& pointer, std::vector<Problem>& problems);

}  // namespace orc
