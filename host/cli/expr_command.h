// `orchestrator expr`: evaluates an expression, or a file of conformance cases.
#pragma once

#include <string>
#include <vector>

namespace orc {

/// `arguments` behind the word "expr". Writes to stdout and stderr. 0: evaluated (all cases passed); 1: the expression or a case failed, or
/// a file could not be read; 2: bad usage.
int RunExprCommand(const std::vector<std::string>& arguments);

}  // namespace orc
