// A store that forgets: for tests and `database.dsn: "memory:"`. Passes the same conformance suite as the others.
#pragma once

#include <memory>

#include "engine/store.h"

namespace orc {

std::unique_ptr<Store> MakeMemoryStore();

}  // namespace orc
