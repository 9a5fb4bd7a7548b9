#include "workflow/workflow_template.h"

#include <cstdio>

#include "base/ids.h"
#include "base/json_schema.h"
#include "expr/template.h"

namespace orc {
namespace {

/// The same name gives the same id at every start, so that clients may keep it.
std::string PackId(const std::string& name) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(StableHash(name)),
                static_cast<unsigned long long>(StableHash(name + "\n")));
  return std::string(kTemplatePrefix) + text;
}

Error Invalid(std::vector<Problem> problems) {
  std::string message = problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

std::vector<Problem> JudgeTemplate(const Json& document) {
  if (!document.is_object()) return {{"", "a template is an object, found " + DescribeJson(document)}};
  std::vector<Problem> problems;
  const Json* name = Find(document, "name");
  if (name == nullptr) problems.push_back({"", "the required field \"name\" is missing"});
  if (name != nullptr && (!name->is_string() || name->get_string().empty()))
    problems.push_back({"/name", "must be text, found " + DescribeJson(*name)});
  const Json* description = Find(document, "description");
  if (description != nullptr && !description->is_string())
    problems.push_back({"/description", "must be text, found " + DescribeJson(*description)});
  const Json* steps = Find(document, "steps");
  if (steps == nullptr) problems.push_back({"", "the required field \"steps\" is missing"});
  if (steps != nullptr && (!steps->is_array() || steps->get_array().empty())) {
    problems.push_back({"/steps", "must be a list of at least one step, found " + DescribeJson(*steps)});
  }
  if (const Json* params = Find(document, "params")) {
    const auto schema = JsonSchema::Compile("of params", *params);
    for (const Problem& problem : schema.ok() ? std::vector<Problem>{} : schema.error().problems) {
      problems.push_back({"/params" + problem.pointer, problem.detail});
    }
    if (!schema.ok() && schema.error().problems.empty()) problems.push_back({"/params", schema.error().message});
  }
  return problems;
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

/// The variable `params`; a parameter that was not given is null.
class ParamsScope final : public Scope {
 public:
  ParamsScope(const Json& params, const Json& schema) : params_(params), properties_(orc::Find(schema, "properties")) {}
  Result<Found> Find(std::span<const PathPart> path) const override {
    const auto* name = path.size() > 1 ? std::get_if<std::string>(&path[1]) : nullptr;
    const bool declared = name != nullptr && properties_ != nullptr && orc::Find(*properties_, *name) != nullptr;
    if (declared && orc::Find(params_, *name) == nullptr) return Found{&null_, path.size()};
    return Found{&params_, 1};
  }

 private:
  const Json& params_;
  const Json* properties_;
  const Json null_;
};

}  // namespace

Result<WorkflowTemplate> ParseTemplate(const Json& document) {
  if (auto problems = JudgeTemplate(document); !problems.empty()) return Invalid(std::move(problems));
  return WorkflowTemplate{"", std::string(StringAt(document, "name")), std::string(StringAt(document, "description")), document};
}

Result<std::vector<WorkflowTemplate>> ParseTemplatePack(const Json& document) {
  const Json* list = Find(document, "templates");
  if (list == nullptr || !list->is_array()) return Invalid({{"/templates", "a list of templates is expected"}});
  std::vector<WorkflowTemplate> templates;
  std::vector<Problem> problems;
  for (size_t i = 0; i < list->get_array().size(); ++i) {
    auto parsed = ParseTemplate(list->get_array()[i]);
    if (parsed.ok()) {
      parsed->id = PackId(parsed->name);
      templates.push_back(std::move(parsed).value());
      continue;
    }
    for (const Problem& problem : parsed.error().problems) problems.push_back({Pointer("/templates", i) + problem.pointer, problem.detail});
  }
  if (!problems.empty()) return Invalid(std::move(problems));
  return templates;
}

Result<Json> Instantiate(const WorkflowTemplate& workflow_template, const Json& params) {
  if (!params.is_object() && !params.is_null()) return Invalid({{"/params", "must be an object, found " + DescribeJson(params)}});
  const Json* declared = Find(workflow_template.document, "params");
  const Json schema = declared == nullptr ? Json(JsonObject()) : *declared;
  const Json filled = WithDefaults(schema, params);
  ORC_ASSIGN_OR_RETURN(const auto compiled, JsonSchema::Compile("of params", schema));
  if (auto problems = compiled->Validate(filled, "/params"); !problems.empty()) return Invalid(std::move(problems));
  Json document = workflow_template.document;
  for (const char* field : {"params", "id", "created_at", "updated_at"}) document.get_object().erase(field);
  ORC_ASSIGN_OR_RETURN(const Template compiled_document, Template::Compile(document));
  return compiled_document.EvaluateOnly("params", ParamsScope(filled, schema));
}

}  // namespace orc
