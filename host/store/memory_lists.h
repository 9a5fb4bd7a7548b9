// Filters, orders and pages of the memory store's lists.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "engine/store.h"
#include "store/memory_tables.h"
#include "store/page_cursor.h"

namespace orc {

bool IsActive(RunStatus status);
bool Matches(const MemoryRun& run, const RunFilter& filter);
Result<PageOf<PendingApproval>> PendingApprovals(const MemoryTables& tables, const Page& page);

/// The rows after the page's cursor in the order of `before` (a sort by position), cut to its limit.
template <typename T, typename PositionOf, typename Before>
Result<PageOf<T>> CutPage(char list, std::vector<T> rows, const Page& page, PositionOf position_of, Before before) {
  std::sort(rows.begin(), rows.end(), [&](const T& a, const T& b) { return before(position_of(a), position_of(b)); });
  if (!page.cursor.empty()) {
    ORC_ASSIGN_OR_RETURN(PagePosition after, DecodeCursor(list, page.cursor));
    std::erase_if(rows, [&](const T& row) { return !before(after, position_of(row)); });
  }
  PageOf<T> result;
  size_t limit = static_cast<size_t>(std::max(1, page.limit));
  bool more = rows.size() > limit;
  if (more) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
  result.items = std::move(rows);
  if (more) result.next_cursor = EncodeCursor(list, position_of(result.items.back()));
  return result;
}

inline bool NewestFirst(const PagePosition& a, const PagePosition& b) { return std::tie(a.number, a.id) > std::tie(b.number, b.id); }
inline bool OldestFirst(const PagePosition& a, const PagePosition& b) {
  return std::tie(a.number, a.id, a.step, a.item) < std::tie(b.number, b.id, b.step, b.item);
}

}  // namespace orc
