#include "store/move.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>

namespace orc {
namespace {

constexpr int kPageRows = 500;
constexpr int kPageDocuments = 20;  // of up to some megabytes each

int PageRowsOf(const MovedTable& table) { return table.name == "run_documents" ? kPageDocuments : kPageRows; }

Error Refused(std::string message) { return Error{ErrorCode::kUnavailable, std::move(message)}; }

/// Rows of one table on one side, counted and digested.
class Tally {
 public:
  void Add(const MovedTable& table, const Row& row) {
    ++rows_;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const int column = static_cast<int>(i);
      // The length comes first, so that no two rows look alike when run together.
      const std::string_view text = row.View(column);
      const std::string head = row.IsNull(column) ? "-" : std::to_string(text.size()) + ":";
      engine_.update(head.data(), head.size());
      engine_.update(text.data(), text.size());
    }
  }
  MovedReport Report(const MovedTable& table) { return {table.name, rows_, Poco::DigestEngine::digestToHex(engine_.digest())}; }

 private:
  Poco::SHA2Engine engine_;
  int64_t rows_ = 0;
};

std::vector<MovedCell> KeyOf(const MovedTable& table, const Row& row) {
  std::vector<MovedCell> key;
  for (const size_t i : table.key) {
    const int column = static_cast<int>(i);
    key.push_back({table.columns[i].is_number, row.Int(column), row.Text(column)});
  }
  return key;
}

/// Calls `visit` with every row, and `page_end` behind each page.
template <typename Visit, typename PageEnd>
Result<void> ReadAll(MoveSide& side, const MovedTable& table, Visit visit, PageEnd page_end) {
  std::vector<MovedCell> after;
  const int limit = PageRowsOf(table);
  while (true) {
    ORC_ASSIGN_OR_RETURN(const int rows, side.ReadPage(table, after, limit, [&](const Row& row) {
      after = KeyOf(table, row);
      visit(row);
    }));
    ORC_RETURN_IF_ERROR(page_end());
    if (rows < limit) return {};
  }
}

void Append(const MovedTable& table, const Row& row, JsonRows& rows) {
  rows.Row();
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const int column = static_cast<int>(i);
    if (row.IsNull(column)) {
      rows.Null();
    } else {
      table.columns[i].is_number ? rows.Int(row.Int(column)) : rows.Text(row.View(column));
    }
  }
}

Result<MovedReport> Copy(MoveSide& source, MoveSide& target, const MovedTable& table) {
  Tally tally;
  JsonRows rows;
  const auto take = [&](const Row& row) {
    tally.Add(table, row);
    Append(table, row, rows);
  };
  const auto write = [&]() -> Result<void> {
    if (rows.count() == 0) return {};
    const Result<void> written = target.Write(table, rows);
    rows.Clear();
    return written;
  };
  ORC_RETURN_IF_ERROR(ReadAll(source, table, take, write));
  return tally.Report(table);
}

Result<MovedReport> ReadBack(MoveSide& side, const MovedTable& table) {
  Tally tally;
  ORC_RETURN_IF_ERROR(ReadAll(
      side, table, [&](const Row& row) { tally.Add(table, row); }, [] { return Result<void>(); }));
  return tally.Report(table);
}

/// The tables of both sides, with the keys of the one that tells them.
Result<std::vector<MovedTable>> Agree(MoveSide& source, MoveSide& target) {
  ORC_ASSIGN_OR_RETURN(std::vector<MovedTable> tables, source.Tables());
  ORC_ASSIGN_OR_RETURN(const std::vector<MovedTable> others, target.Tables());
  const auto same = [](const MovedTable& a, const MovedTable& b) { return a.name == b.name && a.columns == b.columns; };
  if (!std::equal(tables.begin(), tables.end(), others.begin(), others.end(), same)) {
    return Refused("the two databases do not have the same tables and columns");
  }
  for (size_t i = 0; i < tables.size(); ++i) {
    if (tables[i].key.empty()) tables[i].key = others[i].key;
    if (tables[i].key.empty()) return Refused("the table " + tables[i].name + " has no key");
  }
  return tables;
}

}  // namespace

Result<void> Move(MoveSide& source, MoveSide& target, const std::function<void(const MovedReport&)>& report) {
  ORC_ASSIGN_OR_RETURN(const std::vector<MovedTable> tables, Agree(source, target));
  ORC_RETURN_IF_ERROR(source.Begin());
  ORC_RETURN_IF_ERROR(target.Begin());
  for (const MovedTable& table : tables) {
    ORC_ASSIGN_OR_RETURN(const int rows, target.ReadPage(table, {}, 1, [](const Row&) {}));
    if (rows > 0) return Refused("the target is not empty: it has rows in " + table.name + "; move into a new database or schema");
  }
  for (const MovedTable& table : tables) {
    ORC_ASSIGN_OR_RETURN(const MovedReport from, Copy(source, target, table));
    ORC_ASSIGN_OR_RETURN(const MovedReport to, ReadBack(target, table));
    if (from.rows != to.rows || from.digest != to.digest) {
      return Refused("the table " + table.name + " came out otherwise than it went in: " + std::to_string(from.rows) +
                     " rows with the digest " + from.digest + " became " + std::to_string(to.rows) + " with " + to.digest +
                     "; nothing was moved");
    }
    report(from);
  }
  ORC_ASSIGN_OR_RETURN(const MovedIds ids, source.LastIds());
  ORC_RETURN_IF_ERROR(target.SetLastIds(ids));
  return target.Commit();
}

}  // namespace orc
