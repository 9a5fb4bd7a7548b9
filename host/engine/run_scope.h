// What the expressions of a run may see: context, steps, run and now.
#pragma once

#include <optional>

#include "engine/draft.h"
#include "expr/scope.h"

namespace orc {

/// `context`, `steps.<id, key or name>.(status|output|error|attempts|http_code|response_headers|approval)` and
/// `run.(id|workflow_id|workflow_version|attempt|created_at)` and `now`, the time of the decision, as the draft has them now. Not to be
/// shared between threads.
class RunScope final : public Scope {
 public:
  explicit RunScope(const Draft& draft) : draft_(draft) {}
  Result<Found> Find(std::span<const PathPart> path) const override;

 private:
  Value RunValue() const;
  Result<Found> FindInSteps(std::span<const PathPart> path) const;
  std::optional<Value> StepMember(uint32_t step, std::string_view name) const;

  const Draft& draft_;
};

}  // namespace orc
