// What is left of an expression when some of its variables are known.
#pragma once

#include <string>
#include <vector>

#include "expr/evaluator.h"
#include "expr/expression.h"

namespace orc {

/// One use, one thread: writes the source anew with every part that can be evaluated replaced by a literal of its value. Of `? :` with a
/// known condition only the branch that is taken is left, of `&&` and `||` nothing once a known term decides. A part that fails is an error
/// where it is sure to be evaluated; where it may not be (a branch, a later term, the body of a macro) it stays as it was written.
class ResidualWriter {
 public:
  /// All arguments must outlive the writer.
  ResidualWriter(const std::string& source, const Tree& tree, const KnownName& is_known, const Scope& scope, Budget& budget);

  Result<std::string> Write() { return Text(tree_.root, false); }

 private:
  /// What a node's tree names.
  struct Names {
    bool known = false;
    bool unknown = false;
    uint32_t lowest_local = UINT32_MAX;  // of a macro's variable that is bound outside of the node
    bool is_closed() const { return !unknown && lowest_local == UINT32_MAX; }
  };
  Names Look(NodeId id);
  Result<std::string> Text(NodeId id, bool may_be_left);
  /// With its children's texts in the place of them.
  Result<std::string> Spliced(NodeId id, bool may_be_left);
  Result<std::string> Ternary(NodeId id, bool may_be_left);
  Result<std::string> Logic(NodeId id, bool may_be_left);
  std::string Source(NodeId id) const;

  const std::string& source_;
  const Tree& tree_;
  const KnownName& is_known_;
  Budget& budget_;
  Evaluator evaluator_;
  std::vector<Names> names_;
};

}  // namespace orc
