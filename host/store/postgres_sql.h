// The statements that write a batch to PostgreSQL: one parameter each, the JSON rows of one kind.
#pragma once

#include <span>
#include <string_view>

#include "store/sqlite_batch.h"

namespace orc {

struct PostgresBatchSql {
  std::span<const std::string_view> statements;  // all take the same rows as $1
  bool every_row_counts = false;                 // updates that fail unless they change $2 rows
};

const PostgresBatchSql& PostgresSqlOf(RowKind kind);

/// To be sent in a transaction before its first events or logs: says to ReadEvents of all runs from where on this transaction may hold ids
/// that nobody sees yet.
extern const std::string_view kHoldHistoryIds;

/// Three steps, in one session and in turn: how far ids have been given out; up to where everything is committed; and then a query may
/// compare ids with ORC_PG_SETTLED. In one statement the look at the locks could come after its look at the rows.
extern const std::string_view kSeeGivenIds;
extern const std::string_view kSeeSettledIds;
#define ORC_PG_SETTLED "current_setting('orchestrator.settled_id')::bigint"

}  // namespace orc
