#include "base/schema_keywords.h"

#include <algorithm>
#include <array>

#include "base/schema_lint.h"
#include "base/schema_parts.h"

namespace orc {
namespace {

constexpr size_t kMaxPattern = 1'000;
constexpr std::array<std::string_view, 7> kTypes = {"null", "boolean", "integer", "number", "string", "array", "object"};

boost::json::string_view Boost(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(const boost::json::string& text) { return {text.data(), text.size()}; }

bool IsType(const Json& value) {
  return value.is_string() && std::find(kTypes.begin(), kTypes.end(), View(value.get_string())) != kTypes.end();
}

// Each says what is wrong with a keyword's value, or "".

std::string JudgeType(const Json& value) {
  const JsonArray* list = value.if_array();
  const bool fits = list == nullptr ? IsType(value) : !list->empty() && std::all_of(list->begin(), list->end(), IsType);
  return fits ? "" : "the name of a type or a list of them is expected, found " + DescribeJson(value);
}

std::string JudgeMultiple(const Json& value) {
  const bool fits = value.is_number() && value.to_number<double>() > 0;
  return fits ? "" : "a number above 0 is expected, found " + DescribeJson(value);
}

std::string JudgePattern(const Json& value) {
  if (!value.is_string()) return "text is expected, found " + DescribeJson(value);
  if (value.get_string().size() > kMaxPattern) return "a pattern has at most " + std::to_string(kMaxPattern) + " bytes";
  const re2::RE2 compiled(std::string(View(value.get_string())), PatternOptions());
  return compiled.ok() ? "" : "the pattern can't be used: " + compiled.error();
}

std::string JudgeUnique(const Json& value) { return value.is_bool() ? "" : "true or false is expected, found " + DescribeJson(value); }

struct Renamed {
  const char* from;
  std::string_view to;
  std::string (*judge)(const Json&);
};
constexpr std::array<Renamed, 4> kRenamed = {{
    {"type", kTypeKeyword, JudgeType},
    {"multipleOf", kMultipleKeyword, JudgeMultiple},
    {"pattern", kPatternKeyword, JudgePattern},
    {"uniqueItems", kUniqueKeyword, JudgeUnique},
}};

void CheckShapes(const JsonObject& object, const std::string& pointer, std::vector<Problem>& problems) {
  for (const SchemaKeyword& keyword : kSchemaKeywords) {
    const Json* value = object.if_contains(keyword.name);
    if (value == nullptr || keyword.one || (keyword.list && value->is_array()) || (keyword.map && value->is_object())) continue;
    const char* wanted = keyword.list ? "a list of schemas" : "an object of schemas";
    problems.push_back({Pointer(pointer, keyword.name), wanted + (" is expected, found " + DescribeJson(*value))});
  }
}

}  // namespace

re2::RE2::Options PatternOptions() {
  constexpr int64_t kMaxMemory = 1 << 20;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  return options;
}

void RenameKeywords(JsonObject& object, const std::string& pointer, std::vector<Problem>& problems) {
  // `$id` would change what references mean, `format` is a remark, and our own names are ours.
  for (const char* remark : {"$id", "id", "$schema", "format", "divisibleBy", "extends", "disallow"}) object.erase(remark);
  for (const std::string_view own : {kPatternKeyword, kUniqueKeyword, kTypeKeyword, kMultipleKeyword, kCostKeyword})
    object.erase(Boost(own));
  CheckShapes(object, pointer, problems);
  if (object.contains("patternProperties")) {
    problems.push_back(
        {Pointer(pointer, "patternProperties"), "patternProperties is not supported; use propertyNames and additionalProperties"});
  }
  for (const Renamed& renamed : kRenamed) {
    const Json* found = object.if_contains(renamed.from);
    if (found == nullptr) continue;
    const Json value = *found;
    object.erase(renamed.from);
    if (std::string fault = renamed.judge(value); !fault.empty()) {
      problems.push_back({Pointer(pointer, renamed.from), std::move(fault)});
    } else if (!value.is_bool() || value.get_bool()) {
      object[Boost(renamed.to)] = value;
    }
  }
}

}  // namespace orc
