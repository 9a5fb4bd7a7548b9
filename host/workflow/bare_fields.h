// The fields of a workflow document that hold CEL without braces.
#pragma once

#include <functional>

#include "base/json.h"

namespace orc {

/// `if`, `for_each`, `idempotency_key`, `repeat.until`, `expr` of a transform and `if` of a condition, of every step, finally step and
/// compensation; `concurrency_key`. Each that is there, whatever it holds, to be changed in place.
void ForEachBareExpression(Json& document, const std::function<void(Json& field)>& visit);

}  // namespace orc
