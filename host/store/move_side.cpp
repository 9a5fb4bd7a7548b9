#include "store/move_side.h"

namespace orc {

std::string ColumnList(const MovedTable& table) {
  std::string list;
  for (const MovedColumn& column : table.columns) list += (list.empty() ? "" : ", ") + column.name;
  return list;
}

std::string KeyList(const MovedTable& table) {
  std::string list;
  for (const size_t column : table.key) list += (list.empty() ? "" : ", ") + table.columns[column].name;
  return list;
}

std::string JsonColumns(const MovedTable& table, const std::string& cast) {
  std::string list;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const std::string value = "v->>" + std::to_string(i);
    list.append(list.empty() ? "" : ", ").append(table.columns[i].is_number && !cast.empty() ? "(" + value + ")" + cast : value);
  }
  return list;
}

}  // namespace orc
