// The statements that write a batch: one parameter each, the JSON rows of one kind.
#pragma once

#include <span>
#include <string_view>

#include "store/sqlite_batch.h"

namespace orc {

struct BatchSql {
  std::span<const std::string_view> statements;  // all take the same rows
  bool every_row_counts = false;                 // an update: as many rows must change as were given
  std::string_view refused_if = {};              // a query that must find nothing before
};

const BatchSql& SqlOf(RowKind kind);

}  // namespace orc
