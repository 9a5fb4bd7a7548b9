// One request from the router to its answer. The border for exceptions.
#pragma once

#include "api/context.h"

namespace orc {

/// Called on a worker. Whatever happens, `completion` is answered or parked.
void Dispatch(const ContextPtr& context, const CompletionPtr& completion);

}  // namespace orc
