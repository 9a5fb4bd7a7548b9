// Runs files of conformance cases: {group: [{section, cases: [{name, expr, bindings?, value? | error?}]}]}.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/json.h"

namespace orc {

struct CaseFailure {
  std::string name;  // "group/section/case"
  std::string expression;
  std::string expected;
  std::string found;
};

struct GroupReport {
  std::string group;
  size_t total = 0;
  size_t passed = 0;
  size_t excepted = 0;  // failed, as the list of exceptions says
};

struct ConformanceReport {
  std::vector<GroupReport> groups;
  std::vector<CaseFailure> failures;  // an exception that passes is one too
};

/// `exceptions`: names of cases that are expected to fail. kInvalid when the document is no file of cases.
Result<ConformanceReport> RunCases(const Json& document, const std::set<std::string>& exceptions);

/// One name a line; `#` begins a comment.
std::set<std::string> ReadExceptions(const std::string& text);

}  // namespace orc
