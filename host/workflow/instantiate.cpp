#include <set>

#include "base/json_schema.h"
#include "base/nearest.h"
#include "expr/template.h"
#include "expr/value_json.h"
#include "workflow/bare_fields.h"
#include "workflow/field_reader.h"
#include "workflow/limits.h"
#include "workflow/problem_order.h"
#include "workflow/workflow_template.h"

namespace orc {
namespace {

constexpr std::string_view kRoot = "params";
constexpr size_t kMaxSuggestions = 20;  // each compares with every known name

Error Invalid(std::vector<Problem> problems) {
  CapProblems(problems);
  std::string message = problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

/// `params` with the defaults of its schema's properties where nothing is given.
JsonObject WithDefaults(const Json& schema, const Json& params) {
  JsonObject filled = params.is_object() ? params.get_object() : JsonObject();
  const Json* properties = Find(schema, "properties");
  if (properties == nullptr || !properties->is_object()) return filled;
  for (const auto& property : properties->get_object()) {
    const Json* fallback = Find(property.value(), "default");
    if (fallback != nullptr && !filled.contains(property.key())) filled[property.key()] = *fallback;
  }
  return filled;
}

/// The variable `params`; one that is declared and was not given is null.
class ParamsScope final : public Scope {
 public:
  ParamsScope(const Json& params, const Json& schema) : params_(params), properties_(orc::Find(schema, "properties")) {}

  Result<Found> Find(std::span<const PathPart> path) const override {
    const auto* name = path.size() > 1 ? std::get_if<std::string>(&path[1]) : nullptr;
    if (name != nullptr && IsDeclared(*name) && orc::Find(params_, *name) == nullptr) return Found{Value(), path.size()};
    return Found{Value::Of(params_), 1};
  }
  bool IsDeclared(const std::string& name) const { return properties_ != nullptr && orc::Find(*properties_, name) != nullptr; }
  bool IsGiven(const std::string& name) const { return orc::Find(params_, name) != nullptr; }

 private:
  const Json& params_;
  const Json* properties_;
};

/// What a template's expressions ask of the params.
class Uses {
 public:
  Uses(const Template& compiled, const ParamsScope& scope) {
    compiled.ForEachExpression([&](const std::string& pointer, const Expression& expression) {
      bool is_whole = true;  // nothing but params
      const size_t problems = problems_.size();
      expression.ForEachUse([&](const Expression::Use& use) {
        if (std::get<std::string>(use.path[0]) == kRoot) {
          Add(pointer, use.path, scope);
        } else {
          is_whole = false;
        }
      });
      if (is_whole && problems == problems_.size()) Try(pointer, expression, scope);
    });
  }

  /// What is missing, and what would be put in so often that the workflow could not be stored.
  std::vector<Problem> problems() && { return std::move(problems_); }
  const std::set<std::string>& names() const { return names_; }
  bool whole() const { return whole_; }

 private:
  void Add(const std::string& pointer, std::span<const PathPart> path, const ParamsScope& scope) {
    const auto* name = path.size() > 1 ? std::get_if<std::string>(&path[1]) : nullptr;
    whole_ = whole_ || path.size() == 1;
    if (name == nullptr) return;
    names_.insert(*name);
    if (scope.IsDeclared(*name) || scope.IsGiven(*name)) return;
    problems_.push_back({"/params", "the parameter \"" + *name + "\" is missing; " + pointer + " of the template needs it"});
  }

  void Try(const std::string& pointer, const Expression& expression, const ParamsScope& scope) {
    if (bytes_ > kMaxMadeBytes) return;
    Budget budget;
    const auto value = expression.Evaluate(scope, budget);
    const auto json = value.ok() ? ToJson(*value, budget) : value.error();
    if (!json.ok()) {
      problems_.push_back(
          {"/params", "{{ " + expression.source() + " }}: " + json.error().message + "; " + pointer + " of the template needs it"});
      return;
    }
    bytes_ += PrintJson(*json).size();
    if (bytes_ <= kMaxMadeBytes) return;
    problems_.push_back({"/params", "the workflow would be larger than " + std::to_string(kMaxMadeBytes) + " bytes"});
  }

  std::set<std::string> names_;
  std::vector<Problem> problems_;
  size_t bytes_ = 0;
  bool whole_ = false;
};

/// Params that nothing declares and nothing uses: most likely misspelt.
std::vector<Problem> UnknownParams(const Json& params, const Json& schema, const Uses& uses) {
  std::vector<Problem> problems;
  if (!params.is_object() || uses.whole() || Find(schema, "additionalProperties") != nullptr) return problems;
  std::set<std::string> known = uses.names();
  if (const Json* properties = Find(schema, "properties"); properties != nullptr && properties->is_object()) {
    for (const auto& property : properties->get_object()) known.emplace(property.key());
  }
  for (const auto& param : params.get_object()) {
    const std::string name(param.key());
    if (known.count(name) != 0) continue;
    const std::string near = problems.size() < kMaxSuggestions ? DidYouMean(name, {known.begin(), known.end()}) : "";
    problems.push_back({Pointer("/params", name), "the template has no parameter \"" + name + "\"" + near});
  }
  return problems;
}

/// Values that are put in may nest the document deeper than it can be read again.
Result<Json> Storable(Result<Json> document) {
  if (!document.ok()) return document;
  const auto readable = CheckJson(PrintJson(*document));
  if (!readable.ok()) return Invalid({{"/params", "the workflow that they make can't be stored: " + readable.error().message}});
  return document;
}

/// A field of bare CEL as a template, so that params are filled in there too.
Json InBraces(const Json& field) {
  if (!field.is_string()) return field;
  const std::string text(field.get_string());
  return text.find("{{") == std::string::npos && text.find("}}") == std::string::npos ? Json("{{ " + text + " }}") : field;
}

/// And back: what is left of it, or the value as CEL (which JSON is, but for the order in which it would be read).
Json BareAgain(const Json& field) {
  if (IsTemplated(field)) return Json(BareExpression(std::string(field.get_string())));
  return Json(PrintJson(field));
}

}  // namespace

Result<Json> Instantiate(const WorkflowTemplate& workflow_template, const Json& params) {
  if (!params.is_object() && !params.is_null()) return Invalid({{"/params", "must be an object, found " + DescribeJson(params)}});
  const Json* declared = Find(workflow_template.document, kRoot);
  const Json schema = declared == nullptr ? Json(JsonObject()) : *declared;
  const Json filled = WithDefaults(schema, params);
  ORC_ASSIGN_OR_RETURN(const auto compiled_schema, JsonSchema::Compile("of params", schema));
  std::vector<Problem> problems = compiled_schema->Validate(filled, "/params");
  Json document = workflow_template.document;
  for (const char* field : {"params", "id", "created_at", "updated_at"}) document.get_object().erase(field);
  const bool expressions = BoolAt(document, "expressions", true);
  Json* output = document.get_object().if_contains("output");
  if (expressions && output != nullptr) *output = InBraces(*output);
  if (expressions) ForEachBareExpression(document, [](Json& field) { field = InBraces(field); });
  ORC_ASSIGN_OR_RETURN(const Template compiled, Template::Compile(expressions ? document : Json()));
  const ParamsScope scope(filled, schema);
  Uses uses(compiled, scope);
  const std::vector<Problem> unknown = UnknownParams(params, schema, uses);
  problems.insert(problems.end(), unknown.begin(), unknown.end());
  // What a param that breaks the schema would make is not worth telling.
  if (problems.empty()) problems = std::move(uses).problems();
  if (!problems.empty()) return Invalid(std::move(problems));
  if (!expressions) return document;
  auto made = compiled.EvaluateKnown([](std::string_view name) { return name == kRoot; }, scope);
  if (!made.ok()) return made;
  ForEachBareExpression(*made, [](Json& field) { field = BareAgain(field); });
  // An output may stay a template; one that is known by now is a constant.
  output = made->get_object().if_contains("output");
  if (output != nullptr && !output->is_object() && !output->is_null() && !IsTemplated(*output)) *output = Json(PrintJson(*output));
  return Storable(std::move(made));
}

}  // namespace orc
