// Values of conformance files: JSON that says the type of each.
#pragma once

#include <string>

#include "base/json.h"
#include "expr/value.h"

namespace orc {

/// {"int64":"1"}, {"double":"1.5"}, {"bytes_hex":"00ff"}, {"list":[…]}, {"map":[[key, value], …]}, {"type":"int"} … kInvalid for anything
/// else.
Result<Value> ReadTagged(const Json& tagged);

/// The same value of the same type; a NaN is one, and -0.0 is not 0.0. Maps in any order.
bool IsSameTagged(const Value& a, const Value& b);

/// For people: `int 1`, `list [int 1, string "a"]`.
std::string ShowTagged(const Value& value);

}  // namespace orc
