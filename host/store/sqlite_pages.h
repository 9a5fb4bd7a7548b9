// From the rows of a query to a list.
#pragma once

#include <vector>

#include "store/list_pages.h"
#include "store/sqlite_session.h"

namespace orc {

/// Every row of `query`, each made by `read` (of a Row, or of a Result<Row>).
template <typename Row, typename Read>
Result<std::vector<Row>> ReadRows(SqliteQuery& query, Read read) {
  std::vector<Row> rows;
  while (true) {
    ORC_ASSIGN_OR_RETURN(bool found, query.Next());
    if (!found) return rows;
    Result<Row> row = read(query);
    if (!row.ok()) return std::move(row).error();
    rows.push_back(std::move(row).value());
  }
}

}  // namespace orc
