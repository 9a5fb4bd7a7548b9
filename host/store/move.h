// Everything that one database holds, copied to another one of another kind.
#pragma once

#include <functional>
#include <string>

#include "store/move_side.h"

namespace orc {

/// What was moved of one table.
struct MovedReport {
  std::string table;
  int64_t rows = 0;
  std::string digest;  // SHA-256 over every column of every row in the order of the key; the same on both sides
};

/// Copies every table from `source` into `target`, which must be empty, reads what is written back, and commits only if counts and digests
/// are the same. `report` is called for each table. Nothing in the source changes.
Result<void> Move(MoveSide& source, MoveSide& target, const std::function<void(const MovedReport&)>& report);

}  // namespace orc
