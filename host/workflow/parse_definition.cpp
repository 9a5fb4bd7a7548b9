#include <unordered_map>
#include <unordered_set>

#include "workflow/definition.h"
#include "workflow/limits.h"

namespace orc {
namespace {

/// Reads one object's fields; what does not fit becomes a problem and the field keeps its default.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string pointer, std::vector<Problem>& problems)
      : object_(object), pointer_(std::move(pointer)), problems_(problems) {}

  int64_t Int(std::string_view field, int64_t fallback, int64_t least, int64_t most) {
    const Json* value = Given(field);
    if (value == nullptr) return fallback;
    const auto number = IntAt(object_, field);
    if (number && *number >= least && *number <= most) return *number;
    Fault(field, "must be an integer from " + std::to_string(least) + " to " + std::to_string(most) + ", found " + DescribeJson(*value));
    return fallback;
  }

  bool Bool(std::string_view field, bool fallback) {
    const Json* value = Given(field);
    if (value != nullptr && !value->is_bool()) Fault(field, "must be true or false, found " + DescribeJson(*value));
    return BoolAt(object_, field, fallback);
  }

  /// The member when it is an object; null when it is absent, null or (a problem) something else.
  const Json* Object(std::string_view field) {
    const Json* value = Given(field);
    if (value == nullptr || value->is_object()) return value;
    Fault(field, "must be an object, found " + DescribeJson(*value));
    return nullptr;
  }

  std::string Text(std::string_view field) {
    const Json* value = Given(field);
    if (value != nullptr && !value->is_string()) Fault(field, "must be text, found " + DescribeJson(*value));
    return std::string(StringAt(object_, field));
  }

  std::string PointerTo(std::string_view field) const { return Pointer(pointer_, field); }

 private:
  const Json* Given(std::string_view field) const {
    const Json* value = Find(object_, field);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void Fault(std::string_view field, std::string detail) { problems_.push_back({PointerTo(field), std::move(detail)}); }

  const Json& object_;
  const std::string pointer_;
  std::vector<Problem>& problems_;
};

// The same limits as in schema/steps.schema.json: an administrator's schema may leave them out, the engine can't do without.
RetryPolicy ParseRetry(const Json& retry, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(retry, pointer, problems);
  RetryPolicy policy;
  policy.max = static_cast<int32_t>(fields.Int("max", policy.max, 0, kMaxRetries));
  policy.backoff_ms = fields.Int("backoff_ms", policy.backoff_ms, 0, kMaxWaitMs);
  return policy;
}

StepDefinition ParseStep(const Json& document, bool expressions, const std::string& pointer, std::vector<Problem>& problems) {
  StepDefinition step;
  if (!document.is_object()) {
    problems.push_back({pointer, "a step is an object, found " + DescribeJson(document)});
    return step;
  }
  FieldReader fields(document, pointer, problems);
  step.id = fields.Text("id");
  step.name = fields.Text("name");
  step.key = fields.Text("key");
  step.key_given = !step.key.empty();
  step.action = fields.Text("action");
  const Json* action = Find(document, "action");
  if (action == nullptr) problems.push_back({pointer, "the required field \"action\" is missing"});
  if (action != nullptr && (action->is_null() || (action->is_string() && step.action.empty())))
    problems.push_back({fields.PointerTo("action"), "must be the name of an action, found " + DescribeJson(*action)});
  const Json* input = fields.Object("input");
  step.input = input == nullptr ? Json(JsonObject()) : *input;
  step.input_text = PrintJson(step.input);
  if (expressions) {
    auto compiled = Template::Compile(step.input, fields.PointerTo("input"));
    if (!compiled.ok()) {
      problems.insert(problems.end(), compiled.error().problems.begin(), compiled.error().problems.end());
    } else {
      step.input_template = std::move(compiled).value();
    }
  }
  if (const Json* retry = fields.Object("retry")) step.retry = ParseRetry(*retry, fields.PointerTo("retry"), problems);
  step.timeout_ms = fields.Int("timeout_ms", 0, 1, kMaxWaitMs);
  step.requires_approval = fields.Bool("requires_approval", false);
  return step;
}

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
    if (!step.key_given) step.key = giver.Give(SlugOf(step.name));
  }
}

void ParseLabels(const Json* labels, Definition& definition) {
  if (labels == nullptr || !labels->is_object()) return;
  for (const auto& label : labels->get_object()) {
    if (label.value().is_string()) definition.labels.emplace_back(std::string(label.key()), std::string(label.value().get_string()));
  }
}

}  // namespace

Result<std::shared_ptr<const Definition>> ParseDefinition(const Json& document) {
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array()) {
    return Error{ErrorCode::kInvalid, "a definition has a list of steps", {{"/steps", "a list is expected"}}};
  }
  auto definition = std::make_shared<Definition>();
  definition->name = StringAt(document, "name");
  definition->description = StringAt(document, "description");
  definition->expressions = BoolAt(document, "expressions", true);
  ParseLabels(Find(document, "labels"), *definition);
  std::vector<Problem> problems;
  const JsonArray& documents = steps->get_array();
  definition->steps.reserve(documents.size());
  for (size_t i = 0; i < documents.size(); ++i) {
    definition->steps.push_back(ParseStep(documents[i], definition->expressions, Pointer("/steps", i), problems));
  }
  if (!problems.empty()) {
    std::string message = problems.front().pointer + ": " + problems.front().detail;
    return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
  }
  GiveKeys(definition->steps);
  definition->IndexSteps();
  return std::shared_ptr<const Definition>(std::move(definition));
}

}  // namespace orc
