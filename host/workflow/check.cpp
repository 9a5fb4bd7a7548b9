#include "workflow/check.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "base/nearest.h"
#include "expr/template.h"
#include "workflow/check_expressions.h"
#include "workflow/known_fields.h"

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

/// Whether `url` is http(s)://host…; says what is wrong otherwise.
std::string JudgeUrl(std::string_view url) {
  const size_t colon = url.find("://");
  std::string scheme(url.substr(0, colon == std::string_view::npos ? 0 : colon));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (scheme != "http" && scheme != "https")
    return "must be an http:// or https:// URL, found " + DescribeJson(Json(boost::json::string(url.data(), url.size())));
  const std::string_view rest = url.substr(colon + 3);
  std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  host = host.substr(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
  if (host.empty() || host[0] == ':') return "names no host";
  if (url.find_first_of(" \t\r\n") != std::string_view::npos) return "must not hold white space";
  return "";
}

class Checker final : public DefinitionChecker {
 public:
  Checker(std::shared_ptr<const JsonSchema> schema, bool strict, const ActionCatalog& catalog)
      : schema_(std::move(schema)), strict_(strict), catalog_(catalog) {}

  CheckReport Check(const Json& document) const override {
    CheckReport report;
    report.errors = schema_->Validate(document);
    CheckFields(document, strict_, schema_->PropertyNames(), report);
    const Json* steps = Find(document, "steps");
    if (steps == nullptr || !steps->is_array()) return report;
    CheckIds(steps->get_array(), report);
    const bool expressions = BoolAt(document, "expressions", true);
    for (size_t i = 0; i < steps->get_array().size(); ++i) CheckAction(steps->get_array()[i], Pointer("/steps", i), expressions, report);
    CheckExpressions(document, report);
    return report;
  }

 private:
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
    CheckUrl(input, at, expressions, report);
  }

  static void CheckUrl(const Json& input, const std::string& pointer, bool expressions, CheckReport& report) {
    const Json* url = Find(input, "url");
    if (url == nullptr || !url->is_string() || (expressions && IsTemplated(*url))) return;
    const std::string fault = JudgeUrl(StringAt(input, "url"));
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
  const bool strict_;
  const ActionCatalog& catalog_;
};

}  // namespace

Result<std::unique_ptr<DefinitionChecker>> DefinitionChecker::Open(const Options& options, const ActionCatalog& catalog) {
  const bool own = options.workflow_schema_file.empty();
  const std::string file = own ? options.schema_dir + "/workflow.schema.json" : options.workflow_schema_file;
  ORC_ASSIGN_OR_RETURN(const Json document, ReadJsonFile(file));
  // An administrator's schema may refer to files beside it.
  const size_t slash = file.rfind('/');
  const std::string dir = own ? options.schema_dir : slash == std::string::npos ? "." : file.substr(0, slash);
  ORC_ASSIGN_OR_RETURN(auto schema, JsonSchema::Compile(file, document, dir));
  return std::unique_ptr<DefinitionChecker>(std::make_unique<Checker>(std::move(schema), options.strict, catalog));
}

}  // namespace orc
