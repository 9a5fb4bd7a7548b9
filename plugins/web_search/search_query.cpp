#include "search_query.h"

#include "service/url.h"

namespace orc::search {
namespace {

constexpr int64_t kMaxLimit = 1000;

struct Parameter {
  std::string_view field;
  std::string_view name;
};
constexpr Parameter kParameters[] = {{"language", "language"},    {"categories", "categories"}, {"engines", "engines"},
                                     {"page", "pageno"},          {"pageno", "pageno"},         {"time_range", "time_range"},
                                     {"safesearch", "safesearch"}};

/// A scalar as text, a list joined by commas.
Result<std::string> TextOf(std::string_view field, const Json& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return PrintJson(value);
  if (!value.is_array()) {
    return Error{ErrorCode::kInvalid, "input." + std::string(field) + " is " + DescribeJson(value) +
                                          "; a string, an integer or an array of strings is expected"};
  }
  std::string text;
  for (const Json& item : value.get_array()) {
    if (!item.is_string())
      return Error{ErrorCode::kInvalid, "input." + std::string(field) + " contains " + DescribeJson(item) + "; only strings are expected"};
    if (!text.empty()) text += ',';
    text += item.get_string();
  }
  return text;
}

}  // namespace

std::string_view QueryOf(const JsonObject& input) {
  const Json* query = input.if_contains("query");
  return query != nullptr && query->is_string() ? std::string_view(query->get_string()) : std::string_view();
}

size_t LimitOf(const JsonObject& input) {
  const Json* limit = input.if_contains("limit");
  return limit != nullptr && limit->is_int64() && limit->get_int64() > 0 ? static_cast<size_t>(std::min(limit->get_int64(), kMaxLimit))
                                                                         : kMaxLimit;
}

Result<std::string> AddSearch(std::string url, const JsonObject& input) {
  if (!service::HasQuery(url, "q")) url = service::AddQuery(std::move(url), "q", QueryOf(input));
  if (!service::HasQuery(url, "format")) url = service::AddQuery(std::move(url), "format", "json");
  for (const auto& [field, name] : kParameters) {
    const Json* value = input.if_contains(field);
    if (value == nullptr || value->is_null() || service::HasQuery(url, name)) continue;
    ORC_ASSIGN_OR_RETURN(const std::string text, TextOf(field, *value));
    if (!text.empty()) url = service::AddQuery(std::move(url), name, text);
  }
  return url;
}

}  // namespace orc::search
