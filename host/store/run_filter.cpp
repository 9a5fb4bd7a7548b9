#include "store/run_filter.h"

#include "base/json.h"
#include "store/json_rows.h"

namespace orc {

std::string StatusParameter(const std::vector<RunStatus>& statuses) {
  if (statuses.size() == 1) return std::string(ToText(statuses.front()));
  JsonArray array;
  for (RunStatus status : statuses) array.emplace_back(ToText(status));
  return PrintJson(array);
}

std::string LabelsParameter(const RunFilter& filter) {
  JsonRows rows;
  for (const auto& [key, value] : filter.labels) rows.Row().Text(key).Text(value);
  return std::string(rows.Finish());
}

}  // namespace orc
