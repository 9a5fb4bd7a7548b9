#include "workflow/definition.h"

#include <unordered_set>

namespace orc {
namespace {

RetryPolicy ParseRetry(const Json* retry) {
  RetryPolicy policy;
  if (retry == nullptr || !retry->is_object()) return policy;
  policy.max = static_cast<int32_t>(IntAt(*retry, "max").value_or(policy.max));
  policy.backoff_ms = IntAt(*retry, "backoff_ms").value_or(policy.backoff_ms);
  return policy;
}

/// A key that no earlier step has: `wanted`, else `wanted_2`, `wanted_3` …
std::string FreeKey(const std::string& wanted, std::unordered_set<std::string>& taken) {
  std::string key = wanted;
  for (int n = 2; !taken.insert(key).second; ++n) key = wanted + "_" + std::to_string(n);
  return key;
}

Result<StepDefinition> ParseStep(const Json& document, bool expressions, const std::string& pointer) {
  StepDefinition step;
  step.id = StringAt(document, "id");
  step.name = StringAt(document, "name");
  step.action = StringAt(document, "action");
  if (step.action.empty())
    return Error{ErrorCode::kInvalid, "a step has no action", {{pointer, "the required field \"action\" is missing"}}};
  const Json* input = Find(document, "input");
  step.input = input == nullptr || input->is_null() ? Json(JsonObject()) : *input;
  step.input_text = PrintJson(step.input);
  if (expressions) {
    ORC_ASSIGN_OR_RETURN(step.input_template, Template::Compile(step.input, Pointer(pointer, "input")));
  }
  step.retry = ParseRetry(Find(document, "retry"));
  step.timeout_ms = IntAt(document, "timeout_ms").value_or(0);
  step.requires_approval = BoolAt(document, "requires_approval", false);
  return step;
}

/// Keys that were given come first: a slug must not take one of them.
void GiveKeys(const JsonArray& documents, std::vector<StepDefinition>& steps) {
  std::unordered_set<std::string> taken;
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string given(StringAt(documents[i], "key"));
    if (given.empty()) continue;
    steps[i].key = FreeKey(given, taken);
    steps[i].key_given = true;
  }
  for (StepDefinition& step : steps) {
    if (step.key.empty()) step.key = FreeKey(SlugOf(step.name), taken);
  }
}

void ParseLabels(const Json* labels, Definition& definition) {
  if (labels == nullptr || !labels->is_object()) return;
  for (const auto& label : labels->get_object()) {
    if (label.value().is_string()) definition.labels.emplace_back(std::string(label.key()), std::string(label.value().get_string()));
  }
}

}  // namespace

void Definition::IndexSteps() {
  std::unordered_set<std::string> shared_slugs;
  for (size_t i = 0; i < steps.size(); ++i) {
    const int index = static_cast<int>(i);
    by_id_.emplace(steps[i].id, index);
    by_key_.emplace(steps[i].key, index);
    // Of several steps whose names give one slug, none is meant by it; `slug_2` and ids still name one.
    if (!steps[i].key_given && steps[i].key != SlugOf(steps[i].name)) shared_slugs.insert(SlugOf(steps[i].name));
    const auto [entry, fresh] = by_name_.emplace(steps[i].name, index);
    if (!fresh) entry->second = kAmbiguousStep;
  }
  for (const std::string& slug : shared_slugs) {
    const auto entry = by_key_.find(slug);
    if (entry != by_key_.end() && !steps[static_cast<size_t>(entry->second)].key_given) entry->second = kAmbiguousStep;
  }
}

int Definition::FindStep(std::string_view id_key_or_name) const {
  const std::string wanted(id_key_or_name);
  for (const auto* index : {&by_id_, &by_key_, &by_name_}) {
    if (const auto found = index->find(wanted); found != index->end()) return found->second;
  }
  return kNoStep;
}

Json NormaliseDefinition(const Json& document, IdSource& ids) {
  Json normal = document;
  Json* steps = normal.is_object() ? normal.get_object().if_contains("steps") : nullptr;
  if (steps == nullptr || !steps->is_array()) return normal;
  for (Json& step : steps->get_array()) {
    if (!step.is_object() || !StringAt(step, "id").empty()) continue;
    // The id goes first, where people look for it.
    JsonObject with_id{{"id", ids.New(kStepPrefix)}};
    for (auto& member : step.get_object()) {
      if (member.key() != "id") with_id.emplace(member.key(), member.value());
    }
    step = std::move(with_id);
  }
  return normal;
}

Result<std::shared_ptr<const Definition>> ParseDefinition(const Json& document) {
  auto definition = std::make_shared<Definition>();
  definition->name = StringAt(document, "name");
  definition->description = StringAt(document, "description");
  definition->expressions = BoolAt(document, "expressions", true);
  ParseLabels(Find(document, "labels"), *definition);
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array()) {
    return Error{ErrorCode::kInvalid, "a definition has a list of steps", {{"/steps", "a list is expected"}}};
  }
  const JsonArray& documents = steps->get_array();
  for (size_t i = 0; i < documents.size(); ++i) {
    ORC_ASSIGN_OR_RETURN(StepDefinition step, ParseStep(documents[i], definition->expressions, Pointer("/steps", i)));
    definition->steps.push_back(std::move(step));
  }
  GiveKeys(documents, definition->steps);
  definition->IndexSteps();
  return std::shared_ptr<const Definition>(std::move(definition));
}

}  // namespace orc
