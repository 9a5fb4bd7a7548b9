#include "workflow/parse_step.h"

#include "workflow/field_reader.h"
#include "workflow/limits.h"
#include "workflow/parse_policies.h"

namespace orc {
namespace {

using Role = StepDefinition::Role;

/// Which member of a control action's input is an expression itself; "" for none.
std::string_view ExpressionMember(std::string_view action) {
  if (action == "transform") return "expr";
  return action == "condition" ? "if" : "";
}

void ParseInput(FieldReader& fields, bool expressions, StepDefinition& step, std::vector<Problem>& problems) {
  const Json* input = fields.Object("input");
  step.input = input == nullptr ? Json(JsonObject()) : *input;
  step.input_text = PrintJson(step.input);
  Json templated = step.input;
  const std::string_view member = ExpressionMember(step.action);
  if (!member.empty() && Find(templated, member) != nullptr) {
    FieldReader input_fields(step.input, fields.PointerTo("input"), problems);
    step.control_expression = input_fields.Expression(member);
    templated.get_object().erase(boost::json::string_view(member.data(), member.size()));
  }
  if (!expressions) return;
  auto compiled = Template::Compile(templated, fields.PointerTo("input"));
  if (!compiled.ok()) {
    problems.insert(problems.end(), compiled.error().problems.begin(), compiled.error().problems.end());
    return;
  }
  step.input_template = std::move(compiled).value();
  step.names_secrets = step.input_template.Names("secrets");
}

/// What every kind of step has.
void ParseWork(const Json& document, bool expressions, const std::string& pointer, StepDefinition& step, std::vector<Problem>& problems) {
  FieldReader fields(document, pointer, problems);
  step.action = fields.Text("action");
  const Json* action = Find(document, "action");
  if (action == nullptr) problems.push_back({pointer, "the required field \"action\" is missing"});
  if (action != nullptr && (action->is_null() || (action->is_string() && step.action.empty()))) {
    fields.Fault("action", "must be the name of an action, found " + DescribeJson(*action));
  }
  ParseInput(fields, expressions, step, problems);
  if (const Json* retry = fields.Object("retry")) step.retry = ParseRetry(*retry, fields.PointerTo("retry"), problems);
  step.timeout_ms = fields.Int("timeout_ms", 0, 1, kMaxWaitMs);
}

std::optional<StepDefinition> ParseCompensation(FieldReader& fields, bool expressions, const StepDefinition& undone,
                                                std::vector<Problem>& problems) {
  const Json* document = fields.Object("compensate");
  if (document == nullptr) return std::nullopt;
  StepDefinition step;
  step.role = Role::kCompensation;
  step.id = undone.id + ".compensate";
  const std::string pointer = fields.PointerTo("compensate");
  step.name = FieldReader(*document, pointer, problems).Text("name");
  if (step.name.empty()) step.name = "undo " + undone.name;
  ParseWork(*document, expressions, pointer, step, problems);
  return step;
}

}  // namespace

ParsedStep ParseStep(const Json& document, Role role, bool expressions, const std::string& pointer, std::vector<Problem>& problems) {
  ParsedStep parsed;
  StepDefinition& step = parsed.step;
  step.role = role;
  if (!document.is_object()) {
    problems.push_back({pointer, "a step is an object, found " + DescribeJson(document)});
    return parsed;
  }
  FieldReader fields(document, pointer, problems);
  step.id = fields.Text("id");
  step.name = fields.Text("name");
  step.key = fields.Text("key");
  step.key_given = !step.key.empty();
  ParseWork(document, expressions, pointer, step, problems);
  step.gate = ParseGate(document, expressions, pointer, problems);
  step.condition = fields.Expression("if");
  step.for_each = ParseForEach(document, pointer, problems);
  step.repeat = ParseRepeat(document, pointer, problems);
  step.catches = ParseCatches(document, pointer, parsed.links.gotos, problems);
  step.idempotency_key = fields.Expression("idempotency_key");
  parsed.links.has_needs = fields.Given("needs") != nullptr;
  parsed.links.needs = fields.Texts("needs");
  constexpr std::string_view kSkipTo = "skip_to:";
  const std::string_view on_false = step.action == "condition" ? StringAt(step.input, "on_false") : std::string_view();
  if (on_false.starts_with(kSkipTo) && !IsTemplated(Json(on_false))) parsed.links.skip_to = on_false.substr(kSkipTo.size());
  parsed.compensation = ParseCompensation(fields, expressions, step, problems);
  return parsed;
}

}  // namespace orc
