#include "base/schema_open.h"

#include <algorithm>

#include "base/schema_lint.h"
#include "base/schema_parts.h"
#include "base/utf8.h"

namespace orc {
namespace {

bool Says(const Problem& problem, std::string_view words) { return problem.detail.find(words) != std::string::npos; }

/// A schema that holds for its value only if something else does, or only in part.
bool IsConditional(const Json& schema) {
  const JsonObject* object = schema.if_object();
  if (object == nullptr) return false;
  for (const SchemaKeyword& keyword : kSchemaKeywords) {
    if (keyword.conditional && object->contains(keyword.name)) return true;
  }
  const Json* all = object->if_contains("allOf");  // its first element is ours: what the schema costs
  return all != nullptr && all->is_array() && all->get_array().size() > 1;
}

}  // namespace

bool StandsAlone(const Problem& problem) {
  return Says(problem, "Missing required") || Says(problem, "Object contains a property") || Says(problem, "Missing dependency") ||
         Says(problem, "should contain no") || Says(problem, "should have no");
}

std::string QuotedIn(const std::string& detail) {
  const size_t begin = detail.find('\'');
  return detail.substr(begin + 1, detail.rfind('\'') - begin - 1);
}

std::string DescribeValue(const Json& value) {
  constexpr size_t kShown = 60;
  std::string text = PrintJson(value);
  if (text.size() <= kShown) return text;
  size_t cut = kShown;
  while (cut > 0 && Utf8Length(text, cut) == 0) --cut;
  return text.substr(0, cut) + "…";
}

OpenPlaces::OpenPlaces(const Json& schema, const Json& value, JsonSchema::OpenValue is_open)
    : schema_(schema), value_(value), is_open_(is_open) {
  if (is_open != nullptr) Collect(value);
}

bool OpenPlaces::Collect(const Json& value) {
  bool holds = is_open_(value);
  if (value.is_array()) {
    for (const Json& element : value.get_array()) holds = Collect(element) || holds;
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) holds = Collect(member.value()) || holds;
  }
  if (holds) holders_.insert(&value);
  return holds;
}

bool OpenPlaces::MayMend(const Problem& problem) const {
  if (holders_.empty()) return false;
  for (size_t end = problem.pointer.size();; end = problem.pointer.rfind('/', end - 1)) {
    const Json* at = ResolvePointer(value_, std::string_view(problem.pointer).substr(0, end));
    if (at != nullptr && is_open_(*at)) return true;
    if (end == 0) break;
  }
  const Json* at = ResolvePointer(value_, problem.pointer);
  if (Holds(at) && !StandsAlone(problem)) return !IsCertain(problem);
  return DependsOnOpen(problem) && !IsCertain(problem);
}

/// Whether the fault was found by a schema that judges an open value on the way to it: a branch that may not be the one.
bool OpenPlaces::DependsOnOpen(const Problem& problem) const {
  for (size_t end = 0;; end = problem.pointer.find('/', end + 1)) {
    end = std::min(end, problem.pointer.size());
    const std::string_view pointer = std::string_view(problem.pointer).substr(0, end);
    if (!Holds(ResolvePointer(value_, pointer))) return false;  // nothing below is open either
    const Json* part = SubschemaAt(schema_, pointer);
    if (part == nullptr || IsConditional(*part)) return true;
    if (end == problem.pointer.size()) return false;
  }
}

/// Whether the schema demands it whatever is filled in.
bool OpenPlaces::IsCertain(const Problem& problem) const {
  std::string_view pointer = problem.pointer;
  const Json* part = SubschemaAt(schema_, pointer);
  const JsonObject* object = part == nullptr ? nullptr : part->if_object();
  if (object == nullptr) return false;
  if (Says(problem, "Missing required")) {
    const Json* required = object->if_contains("required");
    const std::string name = QuotedIn(problem.detail);
    return required != nullptr && required->is_array() &&
           std::any_of(required->get_array().begin(), required->get_array().end(),
                       [&](const Json& each) { return each.is_string() && each.get_string() == name; });
  }
  if (Says(problem, "Object contains a property")) return object->contains("additionalProperties");
  return Says(problem, "must be of type") && object->contains(kTypeKeyword.data());
}

}  // namespace orc
