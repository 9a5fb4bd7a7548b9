#include "store/postgres_query.h"

#include <libpq-fe.h>

#include <charconv>

#include "base/json.h"

namespace orc {

PostgresQuery& PostgresQuery::Bind(std::string_view text) {
  const bool as_it_is = text.find('\0') == std::string_view::npos && IsUtf8(text);
  parameters_.push_back({as_it_is ? std::string(text) : ToStorableText(text)});
  return *this;
}

PostgresQuery& PostgresQuery::Bind(int64_t number) {
  parameters_.push_back({std::to_string(number)});
  return *this;
}

PostgresQuery& PostgresQuery::BindRows(std::string_view text) {
  parameters_.push_back({{}, text.data()});
  return *this;
}

std::vector<const char*> PostgresQuery::Values() const {
  std::vector<const char*> values;
  values.reserve(parameters_.size());
  for (const Parameter& parameter : parameters_) {
    values.push_back(parameter.borrowed != nullptr ? parameter.borrowed : parameter.own.c_str());
  }
  return values;
}

void ClearResult::operator()(PGresult* result) const { PQclear(result); }

int64_t PostgresRow::Int(int column) const {
  const std::string_view text = View(column);
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view PostgresRow::View(int column) const {
  return {PQgetvalue(result_, number_, column), static_cast<size_t>(PQgetlength(result_, number_, column))};
}

bool PostgresRow::IsNull(int column) const { return PQgetisnull(result_, number_, column) == 1; }

int PostgresAnswer::size() const { return PQntuples(result_.get()); }

}  // namespace orc
