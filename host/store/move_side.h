// One of the two databases of a move: its tables read and written as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/json_rows.h"
#include "store/postgres_store.h"
#include "store/row.h"

namespace orc {

struct MovedColumn {
  std::string name;
  bool is_number = false;  // 64 bits; text otherwise
  bool operator==(const MovedColumn&) const = default;
};

struct MovedTable {
  std::string name;
  std::vector<MovedColumn> columns;  // by name
  std::vector<size_t> key;           // which of them a row is known by, in the order of the primary key
};

/// A value of a key.
struct MovedCell {
  bool is_number = false;
  int64_t number = 0;
  std::string text = {};
};

/// The last ids that were ever given out.
struct MovedIds {
  int64_t event = 0;
  int64_t log = 0;
};

/// Holds its database: no server works on it meanwhile. One transaction from Begin to Commit; ended without it, nothing was written.
/// Used by one thread.
class MoveSide {
 public:
  virtual ~MoveSide() = default;

  /// Every table that holds state, by name. Keys are filled in where the schema tells them.
  virtual Result<std::vector<MovedTable>> Tables() = 0;
  virtual Result<void> Begin() = 0;
  virtual Result<void> Commit() = 0;

  /// Up to `limit` rows behind `after` (empty: from the first), in the order of the key, columns as in `table`; gives how many.
  virtual Result<int> ReadPage(const MovedTable& table, const std::vector<MovedCell>& after, int limit,
                               const std::function<void(const Row&)>& visit) = 0;
  virtual Result<void> Write(const MovedTable& table, JsonRows& rows) = 0;

  virtual Result<MovedIds> LastIds() = 0;
  virtual Result<void> SetLastIds(const MovedIds& ids) = 0;
};

/// The file must be there for a source (`is_source`), and is made for a target. kUnavailable when a server has it open, or its schema is
/// not this release's.
Result<std::unique_ptr<MoveSide>> OpenSqliteSide(const std::string& file, bool is_source);
/// Likewise; a target's tables are made.
Result<std::unique_ptr<MoveSide>> OpenPostgresSide(const PostgresOptions& options, bool is_source);

/// "a, b, c" of columns, and of those of the key.
std::string ColumnList(const MovedTable& table);
std::string KeyList(const MovedTable& table);
/// "v->>0, v->>1": columns of JSON rows, each with `cast` behind it if it is a number.
std::string JsonColumns(const MovedTable& table, const std::string& cast);

}  // namespace orc
