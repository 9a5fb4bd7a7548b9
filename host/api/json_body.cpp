#include "api/json_body.h"

#include <algorithm>

#include "base/nearest.h"
#include "workflow/problem_order.h"

namespace orc {

bool IsJsonType(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  if (type.empty() || EqualsIgnoringCase(type, "application/json") || EqualsIgnoringCase(type, "text/json")) return true;
  return type.size() > 5 && EqualsIgnoringCase(type.substr(type.size() - 5), "+json");
}

Result<Json> ReadJsonBody(const Request& request) {
  if (request.body.empty()) return Error{ErrorCode::kUnreadable, "the body is empty; expected a JSON object"};
  ORC_ASSIGN_OR_RETURN(Json body, ParseJson(request.body));
  if (!body.is_object()) {
    const std::string detail = "found " + DescribeJson(body) + ", expected an object";
    return Error{ErrorCode::kInvalid, "the body is not a JSON object: " + detail, {{"", detail}}};
  }
  return body;
}

Result<Json> ReadOptionalJsonBody(const Request& request) {
  const bool is_blank = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
  return is_blank ? Result<Json>(Json(JsonObject())) : ReadJsonBody(request);
}

BodyFields::BodyFields(const Json& body, std::vector<std::string> known) : body_(body) {
  for (const auto& member : body.as_object()) {
    const std::string name(member.key());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    warnings_.push_back({Pointer("", name), "the field \"" + name + "\" is not known and was ignored" + DidYouMean(name, known)});
  }
}

std::string BodyFields::Text(std::string_view name) {
  const Json* value = Get(name);
  if (!value || value->is_null()) return {};
  if (!value->is_string()) return WrongType(name, *value, "a string"), std::string();
  return std::string(value->as_string());
}

std::optional<int64_t> BodyFields::Int(std::string_view name, int64_t min, int64_t max) {
  const Json* value = Get(name);
  if (!value || value->is_null()) return std::nullopt;
  const std::optional<int64_t> number = IntAt(body_, name);
  if (number && *number >= min && *number <= max) return number;
  WrongType(name, *value, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

const Json* BodyFields::Object(std::string_view name) {
  const Json* value = Get(name);
  if (!value || value->is_null()) return nullptr;
  if (!value->is_object()) return WrongType(name, *value, "an object"), nullptr;
  return value;
}

std::string BodyFields::AnyText(std::string_view name) {
  const Json* value = Get(name);
  return value && !value->is_null() ? PrintJson(*value) : std::string();
}

void BodyFields::Problem(std::string_view name, std::string detail) { problems_.push_back({Pointer("", name), std::move(detail)}); }

void BodyFields::Missing(std::string_view name, std::string expected) {
  const std::string pointer = Pointer("", name);
  if (std::none_of(problems_.begin(), problems_.end(), [&](const orc::Problem& problem) { return problem.pointer == pointer; }))
    problems_.push_back({pointer, std::move(expected)});
}

void BodyFields::WrongType(std::string_view name, const Json& found, std::string_view expected) {
  Problem(name, "found " + DescribeJson(found) + ", expected " + std::string(expected));
}

Result<void> BodyFields::Verdict() const {
  if (problems_.empty()) return {};
  std::vector<orc::Problem> problems = problems_;
  SortByPlace(body_, problems);
  std::string message = "the body does not fit: " + problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

}  // namespace orc
