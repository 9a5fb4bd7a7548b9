// Evaluates a tree. One evaluation, one thread.
#pragma once

#include <string>
#include <vector>

#include "expr/ast.h"
#include "expr/budget.h"
#include "expr/fault.h"

namespace orc {

class Evaluator {
 public:
  /// All arguments must outlive the evaluator.
  Evaluator(const Tree& tree, const Scope& scope, Budget& budget) : tree_(tree), scope_(scope), budget_(budget), locals_(tree.slots) {}

  Value Run() { return Evaluate(tree_.root); }
  /// Of a part that names no macro's variable from outside of it.
  Value EvaluateAt(NodeId id) { return Evaluate(id); }

 private:
  /// The value that a use of a variable has.
  Value Find(const VariableUse& use, uint32_t offset);
  /// Whether has() finds its end.
  Value Test(const VariableUse& use);
  Value Evaluate(NodeId id);
  Value EvaluateHas(const Node& node);
  Value EvaluateSelect(const Node& node);
  Value EvaluateIndex(const Node& node);
  Value EvaluateCall(const Node& node);
  Value EvaluateList(const Node& node);
  Value EvaluateMap(const Node& node);
  Value EvaluateLogic(const Node& node, bool is_or);
  Value EvaluateNot(const Node& node);
  Value EvaluateTernary(const Node& node);

  // evaluate_macro.cpp
  Value EvaluateMacro(const Node& node);
  Value Quantify(const Node& node, const Value& range);
  Value CountOne(const Node& node, const Value& range);
  Value Transform(const Node& node, const Value& range);
  Value TransformToMap(const Node& node, const Value& range);
  Value SortBy(const Node& node, const Value& range);
  Value MapOptional(const Node& node, const Value& optional);
  void Bind(const Node& node, const Value& range, size_t index);
  /// True, false, or the error that kept it from being known.
  Value Test(const Node& node, NodeId condition);

  Value Fail(const Node& node, std::string cause) const { return FailAt(node.offset, std::move(cause)); }
  Value FailAt(uint32_t offset, std::string cause) const;
  Value Exhausted(const Node& node) const;
  Value SelectFrom(const Value& from, const std::string& name, uint32_t offset);
  Value IndexInto(const Value& from, const Value& index, uint32_t offset);

  const Tree& tree_;
  const Scope& scope_;
  Budget& budget_;
  std::vector<Value> locals_;
};

}  // namespace orc
