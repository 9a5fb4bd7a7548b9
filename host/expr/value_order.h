// Equality and order, as CEL has them: over the kinds of numbers by value; values of other different kinds are unequal, and in no order.
#pragma once

#include <optional>

#include "expr/budget.h"
#include "expr/value.h"

namespace orc {

/// False also once `budget` is used up: ask it.
bool ValuesEqual(const Value& a, const Value& b, Budget& budget);

enum class Order : uint8_t { kLess, kEqual, kGreater, kUnordered };  // kUnordered: a NaN is among them
/// Nothing where there is no order between such values.
std::optional<Order> CompareValues(const Value& a, const Value& b, Budget& budget);

}  // namespace orc
