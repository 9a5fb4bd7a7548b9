#include "workflow/check_expressions.h"

#include <algorithm>

#include "base/nearest.h"
#include "expr/fault.h"
#include "workflow/definition.h"

namespace orc {
namespace {

// A suggestion compares names letter by letter: enough for a person, bounded for a body that is nothing but faults.
constexpr int kMaxSuggestions = 20;
constexpr int kMaxCompared = 1'000;

const std::vector<std::string> kRoots = {"context", "steps", "run", "now"};
using Path = std::span<const PathPart>;
const std::vector<std::string> kStepFields = {"status", "output", "error", "attempts", "approval", "response_headers", "http_code"};
const std::vector<std::string> kRunFields = {"id", "workflow_id", "workflow_version", "created_at", "attempt"};

/// The document's steps with nothing but what names them, so that a fault in one input does not hide the others.
Definition NamesOnly(const Json& document) {
  JsonArray steps;
  for (const Json& step : Find(document, "steps")->get_array()) {
    JsonObject bare{{"action", "x"}};
    for (const char* field : {"id", "name", "key"}) {
      if (const std::string_view text = StringAt(step, field); !text.empty()) bare[field] = boost::json::string(text.data(), text.size());
    }
    steps.push_back(std::move(bare));
  }
  return *ParseDefinition(JsonObject{{"steps", std::move(steps)}}).value();
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

class PathCheck {
 public:
  PathCheck(const Definition& names, const Json* params, int step, int& suggestions)
      : names_(names), params_(params), step_(step), suggestions_(suggestions) {}

  /// What is wrong with the path, or "".
  std::string Judge(Path path) const {
    const std::string& root = std::get<std::string>(path[0]);
    if (root == "params") return JudgeParam(path);
    if (std::find(kRoots.begin(), kRoots.end(), root) == kRoots.end()) {
      return "there is no variable " + Quoted(root) + DidYouMean(root, kRoots) + "; known are context, steps, run and now";
    }
    if (root == "run") return Field(path, 1, kRunFields, "run");
    return root == "steps" ? JudgeStep(path) : "";
  }

 private:
  static std::string Field(Path path, size_t part, const std::vector<std::string>& known, const std::string& of) {
    if (path.size() <= part) return "a field of " + of + " is expected: one of " + Joined(known);
    const auto* name = std::get_if<std::string>(&path[part]);
    if (name == nullptr) return of + " is not a list";
    if (std::find(known.begin(), known.end(), *name) != known.end()) return "";
    return of + " has no field " + Quoted(*name) + DidYouMean(*name, known) + "; known are " + Joined(known);
  }

  static std::string Joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  std::string JudgeParam(Path path) const {
    if (params_ == nullptr) return "params exist only in templates; a workflow has context, steps and run";
    if (params_->is_object() && params_->get_object().empty()) return "the template declares no params";
    const Json* properties = Find(*params_, "properties");
    const auto* name = path.size() > 1 ? std::get_if<std::string>(&path[1]) : nullptr;
    if (name == nullptr || properties == nullptr || !properties->is_object() || Find(*properties, *name) != nullptr) return "";
    std::vector<std::string> known;
    for (const auto& member : properties->get_object()) known.emplace_back(member.key());
    return "the template declares no param " + Quoted(*name) + DidYouMean(*name, known);
  }

  std::string JudgeStep(Path path) const {
    if (path.size() < 2) return "which step is meant? write steps.<key> or steps[\"name\"]";
    const auto* name = std::get_if<std::string>(&path[1]);
    if (name == nullptr) return "steps are known by id, key or name, not by number";
    const int found = names_.FindStep(*name);
    if (found == Definition::kAmbiguousStep) return "several steps are called " + Quoted(*name) + "; refer to one by its id or key";
    if (found == Definition::kNoStep) return "there is no step " + Quoted(*name) + NearStep(*name);
    if (found >= step_)
      return "the step " + Quoted(*name) + (found == step_ ? " is this one" : " comes later") + "; only earlier steps have a result";
    return Field(path, 2, kStepFields, "a step");
  }

  /// The nearest of the steps that came last before this one.
  std::string NearStep(const std::string& name) const {
    if (suggestions_ == 0) return "";
    --suggestions_;
    std::vector<std::string> known;
    for (int i = std::max(0, step_ - kMaxCompared); i < step_; ++i) {
      known.push_back(names_.steps[static_cast<size_t>(i)].key);
      known.push_back(names_.steps[static_cast<size_t>(i)].name);
    }
    return DidYouMean(name, known);
  }

  const Definition& names_;
  const Json* params_;
  const int step_;
  int& suggestions_;
};

}  // namespace

void CheckExpressions(const Json& document, const Json* params, CheckReport& report) {
  const Json* steps = Find(document, "steps");
  if (steps == nullptr || !steps->is_array() || !BoolAt(document, "expressions", true)) return;
  const Definition names = NamesOnly(document);
  int suggestions = kMaxSuggestions;
  for (size_t i = 0; i < steps->get_array().size(); ++i) {
    const Json* input = Find(steps->get_array()[i], "input");
    if (input == nullptr) continue;
    const auto compiled = Template::Compile(*input, Pointer(Pointer("/steps", i), "input"));
    if (!compiled.ok()) {
      report.errors.insert(report.errors.end(), compiled.error().problems.begin(), compiled.error().problems.end());
      continue;
    }
    const PathCheck check(names, params, static_cast<int>(i), suggestions);
    compiled->ForEachExpression([&](const std::string& pointer, const Expression& expression) {
      expression.ForEachUse([&](const Expression::Use& use) {
        const std::string fault = check.Judge(use.path);
        if (fault.empty()) return;
        const std::string shown = expression.source().substr(use.begin, use.end - use.begin);
        report.errors.push_back({pointer, Quoted(shown) + ": " + fault, PlaceIn(expression.source(), use.begin), ""});
      });
    });
  }
}

}  // namespace orc
