#include <unordered_map>
#include <unordered_set>

#include "workflow/definition.h"
#include "workflow/field_reader.h"
#include "workflow/limits.h"
#include "workflow/link_steps.h"
#include "workflow/parse_policies.h"
#include "workflow/parse_schedules.h"
#include "workflow/parse_step.h"

namespace orc {
namespace {

/// Hands out keys that no other step has: the wanted one, else `wanted_2`, `wanted_3` …
class KeyGiver {
 public:
  std::string Give(const std::string& wanted) {
    if (taken_.insert(wanted).second) return wanted;
    // Where the last search for this key ended: ten thousand steps of one name must not cost fifty million look-ups.
    int& next = next_.try_emplace(wanted, 2).first->second;
    while (true) {
      std::string key = wanted + "_" + std::to_string(next++);
      if (taken_.insert(key).second) return key;
    }
  }

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> next_;
};

void GiveKeys(std::vector<StepDefinition>& steps) {
  KeyGiver giver;
  // Keys that were given come first: a slug must not take one of them.
  for (StepDefinition& step : steps) {
    if (step.key_given) step.key = giver.Give(step.key);
  }
  for (StepDefinition& step : steps) {
    if (!step.key_given && step.role != StepDefinition::Role::kCompensation) step.key = giver.Give(SlugOf(step.name));
  }
}

void ParseLabels(const Json* labels, Definition& definition) {
  if (labels == nullptr || !labels->is_object()) return;
  for (const auto& label : labels->get_object()) {
    if (label.value().is_string()) definition.labels.emplace_back(std::string(label.key()), std::string(label.value().get_string()));
  }
}

/// Reads `steps` and `finally` and puts the compensations behind them.
void ParseSteps(const Json& document, Definition& definition, std::vector<Problem>& problems) {
  using Role = StepDefinition::Role;
  std::vector<StepLinks> links;
  std::vector<std::pair<size_t, StepDefinition>> compensations;
  const auto parse = [&](const JsonArray& documents, Role role, const std::string& pointer) {
    for (size_t i = 0; i < documents.size(); ++i) {
      ParsedStep parsed = ParseStep(documents[i], role, definition.expressions, Pointer(pointer, i), problems);
      if (parsed.compensation && role == Role::kFinally) {
        problems.push_back({Pointer(Pointer(pointer, i), "compensate"), "a step of finally is not undone"});
      } else if (parsed.compensation) {
        compensations.emplace_back(definition.steps.size(), *std::move(parsed.compensation));
      }
      links.push_back(std::move(parsed.links));
      definition.steps.push_back(std::move(parsed.step));
    }
  };
  parse(Find(document, "steps")->get_array(), Role::kStep, "/steps");
  definition.main_count = static_cast<uint32_t>(definition.steps.size());
  const Json* finally = FieldReader(document, "", problems).List("finally");
  if (finally != nullptr && finally->get_array().size() > kMaxFinally) {
    problems.push_back(
        {"/finally", "has at most " + std::to_string(kMaxFinally) + " steps, found " + std::to_string(finally->get_array().size())});
  } else if (finally != nullptr) {
    parse(finally->get_array(), Role::kFinally, "/finally");
  }
  definition.finally_count = static_cast<uint32_t>(definition.steps.size()) - definition.main_count;
  for (auto& [undone, compensation] : compensations) {
    compensation.undoes = static_cast<int32_t>(undone);
    definition.steps[undone].compensation = static_cast<int32_t>(definition.steps.size());
    definition.steps.push_back(std::move(compensation));
  }
  GiveKeys(definition.steps);
  definition.IndexSteps();
  LinkSteps(links, definition, problems);
}

void ParseOutput(FieldReader& fields, Definition& definition, std::vector<Problem>& problems) {
  const Json* output = fields.Given("output");
  if (output == nullptr) return;
  const bool is_text = output->is_string();
  if (!is_text && !output->is_object())
    return fields.Fault("output", "must be an expression or an object of templates, found " + DescribeJson(*output));
  if (is_text && StringAt(Json(JsonObject{{"o", *output}}), "o").find("{{") == std::string_view::npos) {
    definition.output = fields.Expression("output");
    return;
  }
  auto compiled = Template::Compile(*output, fields.PointerTo("output"));
  if (compiled.ok()) {
    definition.output_template = *std::move(compiled);
  } else {
    problems.insert(problems.end(), compiled.error().problems.begin(), compiled.error().problems.end());
  }
}

void ParseInputSchema(FieldReader& fields, Definition& definition, std::vector<Problem>& problems) {
  const Json* schema = fields.Object("input_schema");
  if (schema == nullptr) return;
  auto compiled = JsonSchema::Compile("of input_schema", *schema);
  if (compiled.ok()) {
    definition.input_schema = *std::move(compiled);
    return;
  }
  for (const Problem& problem : compiled.error().problems)
    problems.push_back({fields.PointerTo("input_schema") + problem.pointer, problem.detail});
  if (compiled.error().problems.empty()) fields.Fault("input_schema", compiled.error().message);
}

}  // namespace

std::shared_ptr<const Definition> ReadDefinition(const Json& document, std::vector<Problem>& problems) {
  auto definition = std::make_shared<Definition>();
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array()) {
    problems.push_back({"/steps", "a list is expected"});
    return definition;
  }
  definition->name = StringAt(document, "name");
  definition->description = StringAt(document, "description");
  definition->expressions = BoolAt(document, "expressions", true);
  ParseLabels(Find(document, "labels"), *definition);
  FieldReader fields(document, "", problems);
  definition->timeout_ms = fields.Int("timeout_ms", 0, 1, kMaxRunMs);
  definition->on_failure = fields.Text("on_failure");
  definition->limit = ParseLimit(document, problems);
  if (const Json* retention = fields.Object("retention")) definition->retention = ParseRetention(*retention, "/retention", problems);
  ParseInputSchema(fields, *definition, problems);
  definition->schedules = ParseSchedules(document, problems);
  ParseOutput(fields, *definition, problems);
  ParseSteps(document, *definition, problems);
  return definition;
}

Result<std::shared_ptr<const Definition>> ParseDefinition(const Json& document) {
  std::vector<Problem> problems;
  std::shared_ptr<const Definition> definition = ReadDefinition(document, problems);
  if (problems.empty()) return definition;
  std::string message = problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

}  // namespace orc
