#include "cli/conformance.h"

#include <sstream>

#include "cli/tagged_value.h"
#include "expr/expression.h"
#include "expr/string_literal.h"

namespace orc {
namespace {

/// The bindings of a case; their names may be dotted, and the longest one counts.
class BoundScope final : public Scope {
 public:
  static Result<BoundScope> Make(const Json* bindings) {
    BoundScope scope;
    if (bindings == nullptr || !bindings->is_object()) return scope;
    for (const auto& binding : bindings->get_object()) {
      ORC_ASSIGN_OR_RETURN(Value value, ReadTagged(binding.value()));
      scope.values_.emplace_back(std::string(binding.key()), std::move(value));
    }
    return scope;
  }

  Result<Found> Find(std::span<const PathPart> path) const override {
    Found best;
    std::string name;
    for (size_t i = 0; i < path.size(); ++i) {
      const auto* part = std::get_if<std::string>(&path[i]);
      if (part == nullptr) break;
      name += (i == 0 ? "" : ".") + *part;
      for (const auto& [bound, value] : values_) {
        if (bound == name) best = {value, i + 1};
      }
    }
    if (best.consumed > 0) return best;
    return Error{ErrorCode::kInvalid, "there is no variable \"" + std::get<std::string>(path.front()) + "\""};
  }

 private:
  std::vector<std::pair<std::string, Value>> values_;
};

Result<Value> Evaluate(const std::string& source, const Json* bindings) {
  ORC_ASSIGN_OR_RETURN(const BoundScope scope, BoundScope::Make(bindings));
  ORC_ASSIGN_OR_RETURN(const auto expression, Expression::Compile(source, {.late_names = true}));
  ORC_ASSIGN_OR_RETURN(Value value, expression->Evaluate(scope));
  return value;
}

/// Whether the expression begins with a raw literal, in which a backslash is itself.
bool IsRaw(const std::string& source) {
  const size_t quote = source.find_first_of("'\"");
  return quote != std::string::npos && quote <= 2 && source.substr(0, quote).find_first_of("rR") != std::string::npos;
}

/// Where the values of a suite came from protobuf's text format, its \uXXXX, \UXXXXXXXX and \? may stand in them unread (17 times in that
/// of CEL itself). Nothing when there are none.
std::optional<Value> WithEscapesRead(const Value& expected) {
  const bool is_bytes = expected.is(Value::Kind::kBytes);
  if (!is_bytes && !expected.is(Value::Kind::kString)) return std::nullopt;
  if (expected.get_text().find('\\') == std::string_view::npos) return std::nullopt;
  Result<std::string> read = ReadEscapes(expected.get_text(), is_bytes);
  if (!read.ok()) return std::nullopt;
  return is_bytes ? Value::Bytes(*std::move(read)) : Value::String(*std::move(read));
}

bool Fits(const std::string& source, const Value& expected, const Value& found) {
  if (IsSameTagged(expected, found)) return true;
  const auto read = IsRaw(source) ? std::nullopt : WithEscapesRead(expected);
  return read && IsSameTagged(*read, found);
}

/// What is wrong, or nothing.
std::optional<CaseFailure> RunCase(const Json& conformance_case) {
  CaseFailure failure;
  failure.expression = StringAt(conformance_case, "expr");
  if (failure.expression.empty()) return CaseFailure{"", "", "an expression in the member \"expr\"", "none"};
  const Result<Value> found = Evaluate(failure.expression, Find(conformance_case, "bindings"));
  failure.found = found.ok() ? ShowTagged(*found) : "error: " + found.error().message;
  const Json* wanted = Find(conformance_case, "value");
  if (wanted == nullptr) {
    failure.expected = "an error";
    return found.ok() ? std::optional(failure) : std::nullopt;
  }
  const Result<Value> expected = ReadTagged(*wanted);
  failure.expected = expected.ok() ? ShowTagged(*expected) : expected.error().message;
  if (expected.ok() && found.ok() && Fits(failure.expression, *expected, *found)) return std::nullopt;
  return failure;
}

void Count(const std::string& name, std::optional<CaseFailure> failure, const std::set<std::string>& exceptions, GroupReport& group,
           std::vector<CaseFailure>& failures) {
  ++group.total;
  const bool is_excepted = exceptions.contains(name);
  if (!failure && is_excepted) {
    failures.push_back({name, "", "a failure, as the list of exceptions says", "it passes"});
  } else if (!failure) {
    ++group.passed;
  } else if (is_excepted) {
    ++group.excepted;
  } else {
    failure->name = name;
    failures.push_back(*std::move(failure));
  }
}

Error NoCases() {
  return Error{ErrorCode::kInvalid, "the file holds no cases: {group: [{section, cases: [{name, expr, …}]}]} is expected"};
}

}  // namespace

Result<ConformanceReport> RunCases(const Json& document, const std::set<std::string>& exceptions) {
  if (!document.is_object() || document.get_object().empty()) return NoCases();
  ConformanceReport report;
  for (const auto& group : document.get_object()) {
    GroupReport& counts = report.groups.emplace_back();
    counts.group = std::string(group.key());
    if (!group.value().is_array()) return NoCases();
    for (const Json& section : group.value().get_array()) {
      const Json* cases = Find(section, "cases");
      if (cases == nullptr || !cases->is_array()) return NoCases();
      for (const Json& one : cases->get_array()) {
        const std::string name = counts.group + "/" + std::string(StringAt(section, "section")) + "/" + std::string(StringAt(one, "name"));
        Count(name, RunCase(one), exceptions, counts, report.failures);
      }
    }
  }
  return report;
}

std::set<std::string> ReadExceptions(const std::string& text) {
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin != std::string::npos) names.insert(line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1));
  }
  return names;
}

}  // namespace orc
