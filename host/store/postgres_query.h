// A statement on its way to PostgreSQL, and the rows that come back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/row.h"

struct pg_result;

namespace orc {

/// One statement with its parameters, $1 first. `sql` must live until the query is sent, and is one of a fixed set of texts: sessions
/// prepare each once and keep it.
class PostgresQuery {
 public:
  explicit PostgresQuery(std::string_view sql) : sql_(sql) {}

  /// PostgreSQL takes neither NUL nor what is not UTF-8: both become U+FFFD, which no key that is looked for holds.
  PostgresQuery& Bind(std::string_view text);
  PostgresQuery& Bind(int64_t number);
  /// Not copied: `text` must live until the query is sent, be good UTF-8, and end with a NUL behind its last byte (as JsonRows gives it).
  PostgresQuery& BindRows(std::string_view text);

  std::string_view sql() const { return sql_; }
  std::vector<const char*> Values() const;

 private:
  struct Parameter {
    std::string own;
    const char* borrowed = nullptr;
  };
  std::string_view sql_;
  std::vector<Parameter> parameters_;
};

struct ClearResult {
  void operator()(pg_result* result) const;
};
using PostgresResult = std::unique_ptr<pg_result, ClearResult>;

/// One row of an answer; valid as long as that is.
class PostgresRow final : public Row {
 public:
  PostgresRow(const pg_result* result, int number) : result_(result), number_(number) {}
  int64_t Int(int column) const override;
  std::string_view View(int column) const override;
  bool IsNull(int column) const override;

 private:
  const pg_result* result_;
  int number_;
};

/// All rows that a statement gave.
class PostgresAnswer {
 public:
  explicit PostgresAnswer(PostgresResult result) : result_(std::move(result)) {}
  int size() const;
  bool empty() const { return size() == 0; }
  PostgresRow row(int number) const { return {result_.get(), number}; }
  PostgresRow first() const { return row(0); }

 private:
  PostgresResult result_;
};

}  // namespace orc
