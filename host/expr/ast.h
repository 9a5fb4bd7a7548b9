// The tree of an expression. Nodes lie in one vector; children are indexes into it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expr/scope.h"
#include "expr/value.h"

namespace re2 {
class RE2;
}

namespace orc {

struct Function;  // functions.h

enum class Macro : uint8_t {
  kAll,
  kExists,
  kExistsOne,
  kMap,
  kFilter,
  kTransformList,
  kTransformMap,
  kTransformMapEntry,
  kSortBy,
  kOptMap,
  kOptFlatMap,
  kBind
};

using NodeId = uint32_t;

struct Node {
  enum class Kind : uint8_t {
    kLiteral,
    kName,    // of a free variable, a type, or a part of a dotted name: none is left once names are resolved
    kLocal,   // a macro's variable: `slot` from the bottom of the stack
    kUse,     // a free variable with the constant path that follows: `slot` in Tree::uses
    kSelect,  // children[0].name
    kIndex,   // children[0][children[1]]
    kHas,     // has(children[0].name)
    kCall,    // function(children …); a member's target comes first
    kLate,    // a call of what is not known: fails when it is evaluated
    kList,
    kMap,  // key, value, key, value …
    kAnd,
    kOr,
    kNot,
    kTernary,
    kMacro,  // children[0] is the range (or optional, or value); slots from `slot` on are its variables
  };
  Kind kind = Kind::kLiteral;
  Macro macro = Macro::kAll;
  bool is_optional = false;  // `.?name`, `[?index]`
  uint8_t variables = 0;     // of a macro: 1 or 2
  uint16_t depth = 1;        // of the tree below
  uint32_t offset = 0;       // where errors are said to be
  uint32_t begin = 0;        // in the source
  uint32_t end = 0;
  uint32_t slot = 0;
  Value literal = {};
  std::string name = {};
  const Function* function = nullptr;
  std::shared_ptr<const re2::RE2> pattern = {};  // of a call whose pattern is a literal
  std::vector<NodeId> children = {};
  std::vector<bool> optional_children = {};  // of a list or a map: `?e`, `?k: v` (one per entry)
};

/// One use of a free variable: the longest path of constants, and where it stands in the source.
struct VariableUse {
  std::vector<PathPart> path;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool is_test = false;  // has(path): only whether it is there is asked
};

struct Tree {
  std::vector<Node> nodes;
  NodeId root = 0;
  uint32_t slots = 0;  // the most variables of macros at one time
  std::vector<VariableUse> uses;
};

}  // namespace orc
