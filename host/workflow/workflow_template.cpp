#include "workflow/workflow_template.h"

#include <cstdio>
#include <unordered_map>

#include "base/ids.h"
#include "base/json_schema.h"
#include "expr/template.h"
#include "workflow/problem_order.h"

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

void JudgeText(const Json& document, const char* field, std::vector<Problem>& problems) {
  const Json* text = Find(document, field);
  if (text != nullptr && !text->is_string()) problems.push_back({Pointer("", field), "must be text, found " + DescribeJson(*text)});
}

void JudgeSteps(const Json& document, std::vector<Problem>& problems) {
  const Json* steps = Find(document, "steps");
  if (steps == nullptr) return problems.push_back({"", "the required field \"steps\" is missing"});
  if (!steps->is_array() || steps->get_array().empty())
    return problems.push_back({"/steps", "must be a list of at least one step, found " + DescribeJson(*steps)});
  for (size_t i = 0; i < steps->get_array().size(); ++i) {
    const Json& step = steps->get_array()[i];
    if (!step.is_object()) problems.push_back({Pointer("/steps", i), "a step is an object, found " + DescribeJson(step)});
  }
}

void JudgeParams(const Json& document, std::vector<Problem>& problems) {
  const Json* params = Find(document, "params");
  if (params == nullptr) return;
  if (!BoolAt(document, "expressions", true)) problems.push_back({"/params", "nothing is filled in where \"expressions\" is false"});
  if (!params->is_object()) return problems.push_back({"/params", "must be a JSON Schema, found " + DescribeJson(*params)});
  const auto schema = JsonSchema::Compile("of params", *params);
  if (schema.ok()) return;
  for (const Problem& problem : schema.error().problems) problems.push_back({"/params" + problem.pointer, problem.detail});
  if (schema.error().problems.empty()) problems.push_back({"/params", schema.error().message});
}

void JudgeExpressions(const Json& document, std::vector<Problem>& problems) {
  if (!BoolAt(document, "expressions", true)) return;
  Json filled_in = document;
  filled_in.get_object().erase("params");
  const auto compiled = Template::Compile(filled_in);
  if (!compiled.ok()) problems.insert(problems.end(), compiled.error().problems.begin(), compiled.error().problems.end());
}

std::vector<Problem> JudgeTemplate(const Json& document) {
  if (!document.is_object()) return {{"", "a template is an object, found " + DescribeJson(document)}};
  std::vector<Problem> problems;
  const Json* name = Find(document, "name");
  if (name == nullptr) problems.push_back({"", "the required field \"name\" is missing"});
  if (name != nullptr && name->is_string() && name->get_string().empty()) problems.push_back({"/name", "must not be empty"});
  JudgeText(document, "name", problems);
  JudgeText(document, "description", problems);
  JudgeSteps(document, problems);
  JudgeParams(document, problems);
  JudgeExpressions(document, problems);
  SortByPlace(document, problems);
  CapProblems(problems);
  return problems;
}

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
  std::unordered_map<std::string, size_t> names;
  for (size_t i = 0; i < list->get_array().size(); ++i) {
    auto parsed = ParseTemplate(list->get_array()[i]);
    if (parsed.ok()) {
      // The id is made of the name.
      const auto [first, fresh] = names.emplace(parsed->name, i);
      if (!fresh)
        problems.push_back({Pointer("/templates", i) + "/name", "is the name of template " + std::to_string(first->second) + " too"});
      parsed->id = PackId(parsed->name);
      templates.push_back(std::move(parsed).value());
      continue;
    }
    for (const Problem& problem : parsed.error().problems) problems.push_back({Pointer("/templates", i) + problem.pointer, problem.detail});
  }
  if (!problems.empty()) return Invalid(std::move(problems));
  return templates;
}

}  // namespace orc
