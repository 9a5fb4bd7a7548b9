// What the expressions of a run may see: context, steps, run, now; and, where they are, item, index and output.
#pragma once

#include <optional>

#include "engine/draft.h"
#include "expr/scope.h"

namespace orc {

/// `context`, `steps.<id, key or name>.<member>`, `run.<member>` and `now` (the time of the decision) as the draft has them now; `item` and
/// `index` of an item of a for_each. Not to be shared between threads.
class RunScope final : public Scope {
 public:
  /// `at`: the step or item for which it is evaluated, or null. Both must outlive the scope.
  explicit RunScope(const Draft& draft, const StepState* at = nullptr) : draft_(draft), at_(at) {}
  /// What `output` stands for.
  void SetOutput(Json output) { output_ = std::make_shared<const Json>(std::move(output)); }

  Result<Found> Find(std::span<const PathPart> path) const override;

 private:
  Value RunValue() const;
  std::optional<Value> LocalValue(const std::string& name) const;
  Result<Found> FindInSteps(std::span<const PathPart> path) const;
  StepStatus StatusOf(const StepState* state, uint32_t step) const;
  std::optional<Value> StepMember(uint32_t step, std::string_view name) const;

  const Draft& draft_;
  const StepState* at_;
  std::shared_ptr<const Json> output_;
};

}  // namespace orc
