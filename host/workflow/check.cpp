#include "workflow/check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "base/nearest.h"
#include "expr/template.h"
#include "workflow/check_codes.h"
#include "workflow/check_expressions.h"
#include "workflow/check_schedules.h"
#include "workflow/definition.h"
#include "workflow/http_url.h"
#include "workflow/known_fields.h"
#include "workflow/limits.h"
#include "workflow/problem_order.h"

namespace orc {
namespace {

Result<Json> ReadJsonFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, "the schema file " + path + " can't be read"};
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = ParseJson(text.str());
  if (!parsed.ok()) return Error{ErrorCode::kInvalid, path + ": " + parsed.error().message};
  return parsed;
}

bool NeverOpen(const Json&) { return false; }

class Checker final : public DefinitionChecker {
 public:
  Checker(std::shared_ptr<const JsonSchema> schema, DeclaredFields declared, const DefinitionChecker::Options& options,
          const ActionCatalog& catalog)
      : schema_(std::move(schema)), declared_(std::move(declared)), strict_(options.strict), secrets_(options.secrets), catalog_(catalog) {}

  CheckReport Check(const Json& document, const Json* params) const override {
    CheckReport report;
    const Json* steps = Find(document, "steps");
    if (steps != nullptr && steps->is_array() && steps->get_array().size() > kMaxSteps) {
      // Nothing else is looked at: a body of a megabyte can hold half a million steps, each with a fault of its own.
      report.errors.push_back(
          {"/steps", "a workflow has at most " + std::to_string(kMaxSteps) + " steps, found " + std::to_string(steps->get_array().size())});
      return report;
    }
    report.errors = schema_->Validate(document);
    CheckFields(document, strict_, declared_, report);
    if (steps != nullptr && steps->is_array()) CheckSteps(document, steps->get_array(), report);
    CheckCodes(document, report);
    CheckMeaning(document, params, report);
    for (std::vector<Problem>* problems : {&report.errors, &report.warnings}) {
      SortByPlace(document, *problems);
      CapProblems(*problems);
    }
    return report;
  }

 private:
  /// What the engine can't do without, whatever the schema says, and what the expressions name.
  void CheckMeaning(const Json& document, const Json* params, CheckReport& report) const {
    std::vector<Problem> problems;
    const auto definition = ReadDefinition(document, problems);
    // Of a value that the schema refused the shape was said already.
    std::unordered_set<std::string> known;
    for (const Problem& problem : report.errors) known.insert(problem.pointer);
    std::erase_if(problems, [&](const Problem& problem) { return !problem.place && known.contains(problem.pointer); });
    // Of a template, what params fill in is judged when they are there.
    const auto is_open = [&](const Problem& problem) {
      boost::system::error_code not_there;
      const Json* value = params == nullptr ? nullptr : document.find_pointer(problem.pointer, not_there);
      return value != nullptr && !problem.place && IsTemplated(*value);
    };
    std::erase_if(problems, is_open);
    report.errors.insert(report.errors.end(), problems.begin(), problems.end());
    CheckExpressions(*definition, params, secrets_, report);
    CheckSchedules(document, *definition, params, report);
  }

  void CheckSteps(const Json& document, const JsonArray& steps, CheckReport& report) const {
    CheckIds(steps, report);
    const bool expressions = BoolAt(document, "expressions", true);
    for (size_t i = 0; i < steps.size(); ++i) CheckActions(steps[i], Pointer("/steps", i), expressions, report);
    const Json* finally = Find(document, "finally");
    for (size_t i = 0; finally != nullptr && finally->is_array() && i < finally->get_array().size(); ++i) {
      CheckActions(finally->get_array()[i], Pointer("/finally", i), expressions, report);
    }
  }

  static void CheckIds(const JsonArray& steps, CheckReport& report) {
    for (const char* field : {"id", "key"}) {
      std::unordered_map<std::string, size_t> seen;
      for (size_t i = 0; i < steps.size(); ++i) {
        const std::string value(StringAt(steps[i], field));
        if (value.empty()) continue;
        const auto [first, fresh] = seen.emplace(value, i);
        if (fresh) continue;
        report.errors.push_back({Pointer(Pointer("/steps", i), field), "\"" + value + "\" is already the " + field + " of step " +
                                                                           std::to_string(first->second) + "; it must be unique"});
      }
    }
  }

  /// Of the step, and of what undoes it.
  void CheckActions(const Json& step, const std::string& pointer, bool expressions, CheckReport& report) const {
    CheckAction(step, pointer, expressions, report);
    const Json* compensation = Find(step, "compensate");
    if (compensation != nullptr) CheckAction(*compensation, Pointer(pointer, "compensate"), expressions, report);
    const Json* gate = Find(step, "requires_approval");
    if (gate == nullptr || IntAt(*gate, "count").value_or(1) <= 1) return;
    report.errors.push_back({Pointer(Pointer(pointer, "requires_approval"), "count"),
                             "more than one approval needs authentication: without it everyone is the same person"});
  }

  void CheckAction(const Json& step, const std::string& pointer, bool expressions, CheckReport& report) const {
    const std::string_view name = StringAt(step, "action");
    if (name.empty()) return;  // the schema said so
    const auto action = FindAction(name);
    if (action == nullptr) {
      report.errors.push_back(
          {Pointer(pointer, "action"), "there is no action \"" + std::string(name) + "\"" + DidYouMean(name, KnownActions())});
      return;
    }
    const Json* given = Find(step, "input");
    const Json input = given == nullptr || given->is_null() ? Json(JsonObject()) : *given;
    if (!input.is_object()) return;
    const std::string at = Pointer(pointer, "input");
    if (action->input_schema != nullptr) {
      const auto problems = action->input_schema->Validate(input, at, expressions ? IsTemplated : NeverOpen);
      report.errors.insert(report.errors.end(), problems.begin(), problems.end());
    }
    if (IsBuiltInAction(name)) return;  // CheckFields knows theirs
    if (action->input_schema != nullptr) CheckInputFields(input, at, *action, report);
    CheckUrl(input, at, expressions, report);
  }

  void CheckInputFields(const Json& input, const std::string& pointer, const ActionInfo& action, CheckReport& report) const {
    const std::vector<std::string> known = action.input_schema->PropertyNames();
    if (known.empty()) return;
    for (const auto& member : input.get_object()) {
      const std::string name(member.key());
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      auto& list = strict_ ? report.errors : report.warnings;
      list.push_back({Pointer(pointer, name),
                      "\"" + name + "\" is no input of " + action.name + (strict_ ? "" : " and is ignored") + DidYouMean(name, known)});
    }
  }

  static void CheckUrl(const Json& input, const std::string& pointer, bool expressions, CheckReport& report) {
    const Json* url = Find(input, "url");
    if (url == nullptr || !url->is_string() || (expressions && IsTemplated(*url))) return;
    const std::string fault = JudgeHttpUrl(StringAt(input, "url"));
    if (!fault.empty()) report.errors.push_back({Pointer(pointer, "url"), fault});
  }

  std::shared_ptr<const ActionInfo> FindAction(std::string_view name) const {
    for (const auto& action : BuiltInActions()) {
      if (action->name == name) return action;
    }
    return catalog_.Find(name);
  }

  std::vector<std::string> KnownActions() const {
    std::vector<std::string> names;
    for (const auto& action : BuiltInActions()) names.push_back(action->name);
    for (const auto& action : catalog_.List()) names.push_back(action->name);
    return names;
  }

  const std::shared_ptr<const JsonSchema> schema_;
  const DeclaredFields declared_;
  const bool strict_;
  const std::vector<std::string> secrets_;
  const ActionCatalog& catalog_;
};

}  // namespace

Result<std::unique_ptr<DefinitionChecker>> DefinitionChecker::Open(const Options& options, const ActionCatalog& catalog) {
  const bool own = options.workflow_schema_file.empty();
  const std::string file = own ? options.schema_dir + "/workflow.schema.json" : options.workflow_schema_file;
  ORC_ASSIGN_OR_RETURN(const Json document, ReadJsonFile(file));
  // An administrator's schema may refer to files beside it.
  const std::string dir = own ? options.schema_dir : std::filesystem::absolute(file).parent_path().string();
  ORC_ASSIGN_OR_RETURN(auto schema, JsonSchema::Compile(file, document, dir));
  return std::unique_ptr<DefinitionChecker>(std::make_unique<Checker>(std::move(schema), FieldsOf(document, dir), options, catalog));
}

}  // namespace orc
