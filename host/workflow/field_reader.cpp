#include "workflow/field_reader.h"

#include <algorithm>

#include "expr/template_text.h"

namespace orc {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "\"" : ", \"") + word + "\"";
  return text;
}

std::string NumberText(double number) { return PrintJson(Json(number)); }

}  // namespace

std::string BareExpression(std::string_view text) {
  if (text.find(kOpenBraces) != std::string_view::npos) {
    const auto pieces = SplitTemplate(text);
    if (pieces.ok() && pieces->size() == 1 && pieces->front().is_expression) return pieces->front().text;
  }
  return std::string(text);
}

const Json* FieldReader::Given(std::string_view field) const {
  const Json* value = Find(object_, field);
  return value == nullptr || value->is_null() ? nullptr : value;
}

int64_t FieldReader::Int(std::string_view field, int64_t fallback, int64_t least, int64_t most) {
  const Json* value = Given(field);
  if (value == nullptr) return fallback;
  const auto number = IntAt(object_, field);
  if (number && *number >= least && *number <= most) return *number;
  Fault(field, "must be an integer from " + std::to_string(least) + " to " + std::to_string(most) + ", found " + DescribeJson(*value));
  return fallback;
}

double FieldReader::Real(std::string_view field, double fallback, double least, double most) {
  const Json* value = Given(field);
  if (value == nullptr) return fallback;
  const double number = value->is_double() ? value->get_double() : value->is_int64() ? static_cast<double>(value->get_int64()) : least - 1;
  if (number >= least && number <= most) return number;
  Fault(field, "must be a number from " + NumberText(least) + " to " + NumberText(most) + ", found " + DescribeJson(*value));
  return fallback;
}

bool FieldReader::Bool(std::string_view field, bool fallback) {
  const Json* value = Given(field);
  if (value != nullptr && !value->is_bool()) Fault(field, "must be true or false, found " + DescribeJson(*value));
  return BoolAt(object_, field, fallback);
}

std::string FieldReader::Text(std::string_view field) {
  const Json* value = Given(field);
  if (value != nullptr && !value->is_string()) Fault(field, "must be text, found " + DescribeJson(*value));
  return std::string(StringAt(object_, field));
}

std::vector<std::string> FieldReader::Texts(std::string_view field) {
  std::vector<std::string> texts;
  const Json* list = List(field);
  if (list == nullptr) return texts;
  for (const Json& element : list->get_array()) {
    if (element.is_string()) {
      texts.emplace_back(element.get_string());
    } else {
      problems_.push_back({Pointer(PointerTo(field), texts.size()), "must be text, found " + DescribeJson(element)});
      break;
    }
  }
  return texts;
}

size_t FieldReader::Choice(std::string_view field, size_t fallback, const std::vector<std::string>& choices) {
  const Json* value = Given(field);
  if (value == nullptr) return fallback;
  const auto found = std::find(choices.begin(), choices.end(), StringAt(object_, field));
  if (value->is_string() && found != choices.end()) return static_cast<size_t>(found - choices.begin());
  Fault(field, "must be one of " + Joined(choices) + ", found " + DescribeJson(*value));
  return fallback;
}

const Json* FieldReader::Object(std::string_view field) {
  const Json* value = Given(field);
  if (value == nullptr || value->is_object()) return value;
  Fault(field, "must be an object, found " + DescribeJson(*value));
  return nullptr;
}

const Json* FieldReader::List(std::string_view field) {
  const Json* value = Given(field);
  if (value == nullptr || value->is_array()) return value;
  Fault(field, "must be a list, found " + DescribeJson(*value));
  return nullptr;
}

CompiledExpression FieldReader::Expression(std::string_view field) {
  const std::string text = Text(field);
  const Json* value = Given(field);
  if (value == nullptr || !value->is_string()) return nullptr;
  auto compiled = orc::Expression::Compile(BareExpression(text));
  if (compiled.ok()) return *std::move(compiled);
  if (compiled.error().problems.empty()) Fault(field, compiled.error().message);
  for (Problem problem : compiled.error().problems) {
    problem.pointer = PointerTo(field);
    problem.detail = "column " + std::to_string(problem.place->column) + " of \"" + problem.place->source + "\": " + problem.detail;
    problems_.push_back(std::move(problem));
  }
  return nullptr;
}

}  // namespace orc
