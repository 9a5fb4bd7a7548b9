#include "expr/reserved.h"

#include <algorithm>
#include <array>

namespace orc {
namespace {

constexpr std::array<std::string_view, 21> kReserved = {"true",     "false",   "null",      "in",       "as",  "break",  "const",
                                                        "continue", "else",    "for",       "function", "if",  "import", "let",
                                                        "loop",     "package", "namespace", "return",   "var", "void",   "while"};

}  // namespace

bool IsReservedWord(std::string_view word) { return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end(); }

}  // namespace orc
