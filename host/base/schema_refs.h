// What references make of a schema as a whole: loops, depth, and what checking against it costs.
#pragma once

#include <vector>

#include "base/json.h"

namespace orc {

/// Reports references that lead back without stepping into the value (they would never end), and those that nest so deep that the
/// stack would not do. `schema` has only references to schemas within it.
void CheckReferenceLoops(const Json& schema, std::vector<Problem>& problems);

/// Puts the cost keyword (schema_lint.h) into every schema that holds others or lists values.
void AddCosts(Json& schema);

}  // namespace orc
