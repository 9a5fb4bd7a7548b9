// From what valijson says to problems that somebody can mend.
#pragma once

#include <string_view>
#include <vector>

#include "base/json_schema.h"

namespace orc {

/// `found` are valijson's errors about `value`, by pointer; `schema` is the prepared schema. Keeps the deepest fault of each place,
/// in sentences that say what was expected and what was found; leaves out what may be mended when open values are filled in.
std::vector<Problem> TellFaults(const Json& schema, const Json& value, const std::vector<Problem>& found, std::string_view base,
                                JsonSchema::OpenValue is_open);

}  // namespace orc
