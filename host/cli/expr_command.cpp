#include "cli/expr_command.h"

#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/nearest.h"
#include "cli/conformance.h"
#include "expr/expression.h"
#include "expr/value_json.h"

namespace orc {
namespace {

constexpr int kFine = 0;
constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

constexpr const char* kHelp = R"(orchestrator expr: evaluates an expression of the workflow language (CEL)

  orchestrator expr 'EXPRESSION' [--var NAME=JSON]…
  orchestrator expr --cases FILE [--except FILE]

  --var NAME=JSON  a variable that the expression may use
  --cases FILE     runs a file of conformance cases and says per group how many passed
  --except FILE    names of cases that are expected to fail, one a line
  --help           print this and end

Prints the value as JSON. Exit codes: 0 evaluated, 1 failed, 2 bad command line.
Examples:
  orchestrator expr 'items.filter(i, i.price > 10).map(i, i.name)' --var 'items=[{"name":"a","price":12}]'
  orchestrator expr '"2026-11-23T08:00:00Z" + " " + string(1 + 2)'
)";

struct Arguments {
  std::optional<std::string> expression;
  std::vector<std::pair<std::string, std::string>> variables;
  std::string cases;
  std::string except;
  bool help = false;
};

Error BadUsage(std::string message) { return Error{ErrorCode::kUnreadable, std::move(message)}; }

Result<Arguments> Parse(const std::vector<std::string>& given) {
  Arguments arguments;
  for (size_t i = 0; i < given.size(); ++i) {
    const std::string& word = given[i];
    if (word == "--help" || word == "-h") {
      arguments.help = true;
    } else if (word == "--var" || word == "--cases" || word == "--except") {
      if (i + 1 == given.size()) return BadUsage(word + " needs " + (word == "--var" ? "NAME=JSON" : "a file"));
      const std::string& value = given[++i];
      if (word == "--cases") arguments.cases = value;
      if (word == "--except") arguments.except = value;
      if (word != "--var") continue;
      const size_t equals = value.find('=');
      if (equals == std::string::npos || equals == 0) return BadUsage("--var needs NAME=JSON, found " + value);
      arguments.variables.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else if (word.starts_with("--") && word.size() > 2 && word.find_first_of(" (") == std::string::npos) {
      return BadUsage("the flag " + word + " is not known" + DidYouMean(word, {"--var", "--cases", "--except", "--help"}));
    } else if (arguments.expression) {
      return BadUsage("one expression is expected, found two; quote it as one word");
    } else {
      arguments.expression = word;
    }
  }
  if (!arguments.help && arguments.expression.has_value() == !arguments.cases.empty()) {
    return BadUsage("an expression or --cases FILE is expected (see orchestrator expr --help)");
  }
  return arguments;
}

class GivenScope final : public Scope {
 public:
  static Result<GivenScope> Make(const std::vector<std::pair<std::string, std::string>>& variables) {
    GivenScope scope;
    for (const auto& [name, text] : variables) {
      auto value = ParseJson(text);
      if (!value.ok()) return BadUsage("--var " + name + ": " + value.error().message);
      scope.values_[name] = *std::move(value);
    }
    return scope;
  }

  Result<Found> Find(std::span<const PathPart> path) const override {
    const std::string& name = std::get<std::string>(path.front());
    if (const Json* value = values_.if_contains(name)) return Found{Value::Of(*value), 1};
    std::vector<std::string> known;
    for (const auto& member : values_) known.emplace_back(member.key());
    return Error{ErrorCode::kInvalid,
                 "there is no variable \"" + name + "\"" + DidYouMean(name, known) + "; give it with --var " + name + "=JSON"};
  }

 private:
  JsonObject values_;
};

/// The message, and the line of the source with a mark under the column.
void PrintFault(const Error& error) {
  std::fprintf(stderr, "orchestrator expr: %s\n", error.message.c_str());
  for (const Problem& problem : error.problems) {
    if (!problem.place) continue;
    std::istringstream lines(problem.place->source);
    std::string line;
    for (int i = 0; i < problem.place->line; ++i) std::getline(lines, line);
    std::fprintf(stderr, "  %s\n  %*s %s\n", line.c_str(), problem.place->column, "^", problem.detail.c_str());
  }
}

int EvaluateOne(const Arguments& arguments) {
  const auto scope = GivenScope::Make(arguments.variables);
  if (!scope.ok()) {
    std::fprintf(stderr, "orchestrator expr: %s\n", scope.error().message.c_str());
    return kBadUsage;
  }
  const auto expression = Expression::Compile(*arguments.expression);
  Budget budget;
  const auto value = expression.ok() ? (*expression)->Evaluate(*scope, budget) : expression.error();
  const auto json = value.ok() ? ToJson(*value, budget) : value.error();
  if (!json.ok()) {
    PrintFault(json.error());
    return kFailed;
  }
  std::printf("%s\n", PrintJson(*json).c_str());
  return kFine;
}

Result<std::string> ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return Error{ErrorCode::kNotFound, path + " cannot be read"};
  return text.str();
}

Result<ConformanceReport> RunFile(const Arguments& arguments) {
  ORC_ASSIGN_OR_RETURN(const std::string text, ReadText(arguments.cases));
  std::set<std::string> exceptions;
  if (!arguments.except.empty()) {
    ORC_ASSIGN_OR_RETURN(const std::string names, ReadText(arguments.except));
    exceptions = ReadExceptions(names);
  }
  const auto document = ParseJson(text);
  if (!document.ok()) return Error{ErrorCode::kInvalid, arguments.cases + ": " + document.error().message};
  return RunCases(*document, exceptions);
}

int RunConformance(const Arguments& arguments) {
  const auto report = RunFile(arguments);
  if (!report.ok()) {
    std::fprintf(stderr, "orchestrator expr: %s\n", report.error().message.c_str());
    return kFailed;
  }
  for (const CaseFailure& failure : report->failures) {
    std::printf("FAILED %s\n  %s\n  expected %s\n  found    %s\n", failure.name.c_str(), failure.expression.c_str(),
                failure.expected.c_str(), failure.found.c_str());
  }
  GroupReport all{"total"};
  const auto print = [](const GroupReport& group) {
    const std::string excepted = group.excepted > 0 ? ", " + std::to_string(group.excepted) + " excepted" : "";
    std::printf("%-14s %zu/%zu%s\n", group.group.c_str(), group.passed, group.total, excepted.c_str());
  };
  for (const GroupReport& group : report->groups) {
    print(group);
    all.passed += group.passed;
    all.total += group.total;
    all.excepted += group.excepted;
  }
  print(all);
  return report->failures.empty() ? kFine : kFailed;
}

}  // namespace

int RunExprCommand(const std::vector<std::string>& given) {
  const auto arguments = Parse(given);
  if (!arguments.ok()) {
    std::fprintf(stderr, "orchestrator expr: %s\n", arguments.error().message.c_str());
    return kBadUsage;
  }
  if (arguments->help) return std::fputs(kHelp, stdout) < 0 ? kFailed : kFine;
  return arguments->cases.empty() ? EvaluateOne(*arguments) : RunConformance(*arguments);
}

}  // namespace orc
