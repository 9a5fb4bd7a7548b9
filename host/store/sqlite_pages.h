// From the rows of a query to a list or a page of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/store.h"
#include "store/page_cursor.h"
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

/// A list is asked for one row more than fits, which tells whether there is a next page.
inline int64_t RowsToAsk(const Page& page) { return std::max(1, page.limit) + int64_t{1}; }

/// Turns what RowsToAsk brought into a page; `position_of` gives the sort key of a row.
template <typename Row, typename PositionOf>
PageOf<Row> MakePage(char list, std::vector<Row> rows, const Page& page, PositionOf position_of) {
  PageOf<Row> result;
  result.items = std::move(rows);
  size_t limit = static_cast<size_t>(std::max(1, page.limit));
  if (result.items.size() <= limit) return result;
  result.items.erase(result.items.begin() + static_cast<std::ptrdiff_t>(limit), result.items.end());
  result.next_cursor = EncodeCursor(list, position_of(result.items.back()));
  return result;
}

/// Where a page begins: after the cursor's row, or after `start` for the first one.
inline Result<PagePosition> PageStart(char list, const Page& page, const PagePosition& start) {
  if (page.cursor.empty()) return start;
  return DecodeCursor(list, page.cursor);
}

/// Before the newest and after it: nothing is made at that time.
inline const PagePosition kFromNewest{INT64_MAX, "", -1, -1};
inline const PagePosition kFromOldest{INT64_MIN, "", -1, -1};

}  // namespace orc
