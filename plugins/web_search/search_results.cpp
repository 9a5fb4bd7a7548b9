#include "search_results.h"

#include "service/answer_body.h"

namespace orc::search {
namespace {

/// Text fields that every result has, and others that are kept where the engine gives them.
constexpr std::string_view kTexts[] = {"title", "url", "content", "engine"};
constexpr std::string_view kExtras[] = {"score", "category", "engines", "publishedDate", "img_src", "thumbnail"};
constexpr std::string_view kLists[] = {"answers", "suggestions", "corrections", "infoboxes", "unresponsive_engines"};

JsonObject ReadResult(const JsonObject& found) {
  JsonObject result;
  for (const auto name : kTexts) {
    const Json* value = found.if_contains(name);
    result[name] = value != nullptr && value->is_string() ? *value : Json("");
  }
  for (const auto name : kExtras) {
    const Json* value = found.if_contains(name);
    if (value != nullptr && !value->is_null()) result[name] = *value;
  }
  return result;
}

Error NotJson(std::string_view body, std::string_view content_type) {
  if (const std::string why = service::WhyNotJson(body); !why.empty()) {
    return Error{ErrorCode::kInvalid, "the answer is no JSON that can be taken: " + why};
  }
  std::string message =
      "the answer is not JSON (" + (content_type.empty() ? std::string("no Content-Type") : std::string(content_type.substr(0, 100))) + ")";
  message += "; SearXNG answers JSON only when \"json\" is listed under search.formats in its settings.yml";
  return Error{ErrorCode::kInvalid, std::move(message)};
}

}  // namespace

Result<Json> ReadResults(std::string_view body, std::string_view content_type, std::string_view query, size_t limit) {
  const auto answer = ParseJson(body);
  if (!answer.ok()) return NotJson(body, content_type);
  const Json* found = Find(*answer, "results");
  if (found == nullptr || !found->is_array()) {
    return Error{ErrorCode::kInvalid,
                 "the answer is " + DescribeJson(*answer) + " without an array \"results\"; SearXNG's search is expected"};
  }
  JsonArray results;
  for (const Json& result : found->get_array()) {
    if (results.size() >= limit) break;
    if (result.is_object()) results.emplace_back(ReadResult(result.get_object()));
  }
  JsonObject output;
  output["query"] = StringAt(*answer, "query", query);
  output["count"] = results.size();
  output["results"] = std::move(results);
  if (const Json* total = Find(*answer, "number_of_results"); total != nullptr && total->is_number()) output["total"] = *total;
  for (const auto name : kLists) {
    const Json* list = Find(*answer, name);
    output[name] = list != nullptr && list->is_array() ? *list : Json(JsonArray());
  }
  return Json(std::move(output));
}

std::string UnresponsiveEngines(const Json& results) {
  const Json* engines = Find(results, "unresponsive_engines");
  std::string text;
  if (engines == nullptr || !engines->is_array()) return text;
  for (const Json& engine : engines->get_array()) {
    if (!engine.is_array() || engine.get_array().empty() || !engine.get_array()[0].is_string()) continue;
    if (!text.empty()) text += ", ";
    text += engine.get_array()[0].get_string();
    if (engine.get_array().size() > 1 && engine.get_array()[1].is_string())
      text += " (" + std::string(engine.get_array()[1].get_string()) + ")";
  }
  return text;
}

}  // namespace orc::search
