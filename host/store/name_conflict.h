// Which row of a refused batch is at fault, in words.
#pragma once

#include <span>

#include "engine/store.h"

namespace orc {

/// To be called after the rollback. Looks by `store`'s reads for the first row that does not fit what is stored; `found` is given back when
/// each row fits by itself, that is, when two rows of the batch are at odds with each other.
Error NameConflict(Store& store, std::span<const Change* const> changes, const Error& found);

}  // namespace orc
