#include "workflow/check_expressions.h"

#include <algorithm>
#include <array>

#include "base/nearest.h"
#include "expr/fault.h"
#include "workflow/step_sight.h"

namespace orc {
namespace {

using Names = std::vector<std::string>;
using Path = std::span<const PathPart>;
using Role = StepDefinition::Role;

// A suggestion compares names letter by letter: enough for a person, bounded for a body that is nothing but faults.
constexpr int kMaxSuggestions = 20;
constexpr int kMaxCompared = 1'000;

const Names kStepFields = {"status", "output", "error", "attempts", "approval", "response_headers", "http_code", "caught", "items"};
const Names kRunFields = {"id", "workflow_id", "workflow_version", "created_at", "attempt", "labels", "scheduled_for", "outcome", "error"};

/// Where an expression stands, and what it may name there beside context, steps, run and now.
struct Place {
  std::string pointer = {};
  uint32_t step = 0;         // whose it is; steps.size() for one of the workflow's own
  bool sees_itself = false;  // its own step has ended by then
  bool has_item = false;
  bool has_output = false;
  bool has_secrets = false;
  bool is_before_steps = false;  // evaluated when the run is made
};

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string Joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

struct Verdict {
  std::string fault = {};
  std::string suggestion = {};
  bool is_warning = false;
};

Verdict Unknown(const std::string& what, const std::string& name, const Names& known, const std::string& rest) {
  const std::string nearest = NearestName(name, known);
  return {what + " " + Quoted(name) + (nearest.empty() ? "" : " (did you mean " + Quoted(nearest) + "?)") + rest, nearest};
}

class ExpressionCheck {
 public:
  ExpressionCheck(const Definition& definition, const Json* params, const Names& secrets, CheckReport& report)
      : definition_(definition), params_(params), secrets_(secrets), report_(report), sight_(definition) {}

  void Check(const Expression& expression, const Place& place) {
    expression.ForEachUse([&](const Expression::Use& use) {
      const Verdict verdict = Judge(use.path, place);
      if (verdict.fault.empty()) return;
      const std::string shown = expression.source().substr(use.begin, use.end - use.begin);
      auto& list = verdict.is_warning ? report_.warnings : report_.errors;
      list.push_back({place.pointer, Quoted(shown) + ": " + verdict.fault, PlaceIn(expression.source(), use.begin), verdict.suggestion});
    });
  }

  void Check(const CompiledExpression& expression, Place place, const std::string& pointer) {
    place.pointer = pointer;
    if (expression != nullptr) Check(*expression, place);
  }

  void Check(const Template& text, Place place) {
    text.ForEachExpression([&](const std::string& pointer, const Expression& expression) {
      place.pointer = pointer;
      Check(expression, place);
    });
  }

  /// One that has no variables is what it will be: it can be judged now.
  void CheckConstant(const CompiledExpression& expression, const std::string& pointer, std::initializer_list<Value::Kind> wanted,
                     const char* shown) {
    if (expression == nullptr || expression->HasVariables()) return;
    const auto value = expression->Evaluate(EmptyScope());
    if (!value.ok()) return report_.errors.push_back({pointer, value.error().message});
    if (std::find(wanted.begin(), wanted.end(), value->kind()) != wanted.end()) return;
    report_.errors.push_back({pointer, "must give " + std::string(shown) + ", and always gives a " + std::string(value->type_name())});
  }

 private:
  Verdict Judge(Path path, const Place& place) {
    const std::string& root = std::get<std::string>(path[0]);
    if (root == "context" || root == "now") return {};
    if (root == "run") return Field(path, 1, kRunFields, "run");
    if (root == "steps") return JudgeStep(path, place);
    if (root == "params") return {JudgeParam(path)};
    if (root == "item" || root == "index") {
      return {place.has_item ? "" : "there are no items here: item and index are known in the input of a step with for_each"};
    }
    if (root == "output")
      return {place.has_output ? "" : "there is no output here: it is known in repeat.until only; an earlier step's is steps.<key>.output"};
    if (root == "secrets") return JudgeSecret(path, place);
    Names known = {"context", "steps", "run", "now"};
    if (place.has_item) known.insert(known.end(), {"item", "index"});
    if (place.has_output) known.emplace_back("output");
    if (place.has_secrets) known.emplace_back("secrets");
    return Unknown("there is no variable", root, known, "; known are " + Joined(known));
  }

  Verdict JudgeSecret(Path path, const Place& place) {
    if (!place.has_secrets)
      return {"secrets are known in the input of a step that talks outward only, so that they are nowhere stored or shown"};
    const auto* name = path.size() < 2 ? nullptr : std::get_if<std::string>(&path[1]);
    // In a template the name may come of a param; the workflow that is made of it is judged again.
    if (name == nullptr && params_ != nullptr) return {};
    if (name == nullptr) return {"which secret is meant? write secrets.<name>, with a constant name"};
    if (std::find(secrets_.begin(), secrets_.end(), *name) != secrets_.end()) return {};
    Verdict verdict = suggestions_-- > 0 ? Unknown("the configuration has no secret", *name, secrets_, "")
                                         : Verdict{"the configuration has no secret " + Quoted(*name)};
    verdict.fault += "; the step fails until it has";
    verdict.is_warning = true;
    return verdict;
  }

  static Verdict Field(Path path, size_t part, const Names& known, const std::string& of) {
    if (path.size() <= part) return {"a field of " + of + " is expected: one of " + Joined(known)};
    const auto* name = std::get_if<std::string>(&path[part]);
    if (name == nullptr) return {of + " is not a list"};
    if (std::find(known.begin(), known.end(), *name) != known.end()) return {};
    return Unknown(of + " has no field", *name, known, "; known are " + Joined(known));
  }

  std::string JudgeParam(Path path) const {
    if (params_ == nullptr) return "params exist only in templates; a workflow has context, steps and run";
    if (params_->is_object() && params_->get_object().empty()) return "the template declares no params";
    const Json* properties = Find(*params_, "properties");
    const auto* name = path.size() > 1 ? std::get_if<std::string>(&path[1]) : nullptr;
    if (name == nullptr || properties == nullptr || !properties->is_object() || Find(*properties, *name) != nullptr) return "";
    Names known;
    for (const auto& member : properties->get_object()) known.emplace_back(member.key());
    return "the template declares no param " + Quoted(*name) + DidYouMean(*name, known);
  }

  Verdict JudgeStep(Path path, const Place& place) {
    if (place.is_before_steps)
      return {"no step has run yet: the expression is evaluated when a run is made; known are context, run and now"};
    const auto* name = path.size() < 2 ? nullptr : std::get_if<std::string>(&path[1]);
    if (name == nullptr)
      return {path.size() < 2 ? "which step is meant? write steps.<key> or steps[\"name\"], with a constant name"
                              : "steps are known by id, key or name, not by number"};
    const int found = definition_.FindStep(*name);
    if (found == Definition::kAmbiguousStep) return {"several steps are called " + Quoted(*name) + "; refer to one by its id or key"};
    if (found == Definition::kNoStep) return NoSuchStep(*name, place);
    const auto target = static_cast<uint32_t>(found);
    const bool is_own = place.sees_itself && target == place.step;
    if (!is_own) {
      const std::string fault = sight_.WhyNot(place.step, target);
      if (!fault.empty()) return {fault};
    }
    return Field(path, 2, kStepFields, "a step");
  }

  /// With the nearest of the steps that came last before this one.
  Verdict NoSuchStep(const std::string& name, const Place& place) {
    if (suggestions_-- <= 0) return {"there is no step " + Quoted(name)};
    Names known;
    const int last = static_cast<int>(std::min<size_t>(place.step, definition_.main_count + definition_.finally_count));
    const int end = definition_.is_graph ? static_cast<int>(definition_.main_count) : last;
    for (int i = std::max(0, end - kMaxCompared); i < end; ++i) {
      known.push_back(definition_.steps[static_cast<size_t>(i)].key);
      known.push_back(definition_.steps[static_cast<size_t>(i)].name);
    }
    return Unknown("there is no step", name, known, "");
  }

  const Definition& definition_;
  const Json* params_;
  const Names& secrets_;
  CheckReport& report_;
  const StepSight sight_;
  int suggestions_ = kMaxSuggestions;
};

bool IsOutward(const StepDefinition& step) { return !IsBuiltInAction(step.action); }

/// The step's field of that name; of a compensation within the step that it undoes.
std::string PointerTo(const Definition& definition, uint32_t step, std::string_view field) {
  const StepDefinition& of = definition.steps[step];
  const uint32_t shown = of.undoes >= 0 ? static_cast<uint32_t>(of.undoes) : step;
  std::string pointer = shown < definition.main_count ? Pointer("/steps", shown) : Pointer("/finally", shown - definition.main_count);
  if (of.undoes >= 0) AppendPointer(pointer, "compensate");
  return pointer + "/" + std::string(field);
}

void CheckStep(const Definition& definition, uint32_t index, ExpressionCheck& check) {
  using Kind = Value::Kind;
  const StepDefinition& step = definition.steps[index];
  const auto pointer = [&](std::string_view field) { return PointerTo(definition, index, field); };
  const bool is_compensation = step.undoes >= 0;
  Place place{.step = is_compensation ? static_cast<uint32_t>(step.undoes) : index};
  if (is_compensation) place = {.step = static_cast<uint32_t>(definition.steps.size()), .sees_itself = true};
  check.Check(step.condition, place, pointer("if"));
  check.CheckConstant(step.condition, pointer("if"), {Kind::kBool}, "true or false");
  if (step.gate && step.gate->message) check.Check(*step.gate->message, place);
  // The gate has been passed by then: what was said there may be used.
  place.sees_itself = place.sees_itself || step.gate.has_value();
  if (step.for_each) {
    check.Check(step.for_each->items, place, pointer("for_each"));
    check.CheckConstant(step.for_each->items, pointer("for_each"), {Kind::kList, Kind::kMap}, "a list or a map");
  }
  Place after = place;
  after.sees_itself = true;
  for (const CatchRule& rule : step.catches) {
    if (rule.set) check.Check(*rule.set, after);
  }
  const bool has_item = step.for_each || (is_compensation && definition.steps[static_cast<size_t>(step.undoes)].for_each);
  place.has_item = has_item;
  check.Check(step.idempotency_key, place, pointer("idempotency_key"));
  check.Check(step.control_expression, place, pointer(step.action == "transform" ? "input/expr" : "input/if"));
  if (step.action == "condition") check.CheckConstant(step.control_expression, pointer("input/if"), {Kind::kBool}, "true or false");
  Place until = place;
  until.has_output = true;
  if (step.repeat) {
    check.Check(step.repeat->until, until, pointer("repeat/until"));
    check.CheckConstant(step.repeat->until, pointer("repeat/until"), {Kind::kBool}, "true or false");
  }
  place.has_secrets = IsOutward(step);
  check.Check(step.input_template, place);
}

}  // namespace

void CheckExpressions(const Definition& definition, const Json* params, const Names& secrets, CheckReport& report) {
  ExpressionCheck check(definition, params, secrets, report);
  for (uint32_t step = 0; step < definition.steps.size(); ++step) CheckStep(definition, step, check);
  check.Check(definition.limit.key, {.is_before_steps = true}, "/concurrency_key");
  const Place end{.step = static_cast<uint32_t>(definition.steps.size())};
  check.Check(definition.output, end, "/output");
  if (definition.output_template) check.Check(*definition.output_template, end);
}

}  // namespace orc
