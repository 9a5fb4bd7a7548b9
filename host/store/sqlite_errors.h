// What SQLite's result codes mean to the callers of a store.
#pragma once

#include <string>

#include "base/result.h"

struct sqlite3;

namespace orc {

/// Of the last failed call on `handle`. A broken uniqueness is kConflict, data that SQLite refuses kInvalid; a full or failing disk, a
/// locked or damaged database kUnavailable; the rest is a mistake of this program: kInternal.
Error SqliteError(sqlite3* handle, int code);

}  // namespace orc
