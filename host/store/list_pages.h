// From a list to a page of it, on every database.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/store.h"
#include "store/page_cursor.h"

namespace orc {

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
