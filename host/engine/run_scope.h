// What the expressions of a run may see: context, steps and run.
#pragma once

#include <deque>

#include "engine/draft.h"
#include "expr/scope.h"

namespace orc {

/// `context`, `steps.<id, key or name>.(status|output|error|attempts|http_code|response_headers|approval)` and
/// `run.(id|workflow_id|workflow_version|attempt|created_at)`, as the draft has them now. Not to be shared between threads.
class RunScope final : public Scope {
 public:
  explicit RunScope(const Draft& draft) : draft_(draft) {}
  Result<Found> Find(std::span<const PathPart> path) const override;

 private:
  Result<Found> FindInRun() const;
  Result<Found> FindInSteps(std::span<const PathPart> path) const;
  const Json* StepMember(uint32_t step, std::string_view name) const;
  const Json* Keep(Json value) const;

  const Draft& draft_;
  mutable std::deque<Json> made_;  // values that exist only here
};

}  // namespace orc
