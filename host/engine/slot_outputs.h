// Outputs as one decision sees them: those about to be committed, then the cache, then the store.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/output_cache.h"
#include "engine/run_slot.h"
#include "engine/store.h"

namespace orc {

/// Lives as long as one batch of decisions of one run.
class SlotOutputs final : public Outputs {
 public:
  /// `pending` is the change that the batch builds up.
  SlotOutputs(const RunSlot& slot, const Change& pending, OutputCache& cache, Store& store)
      : slot_(slot), pending_(pending), cache_(cache), store_(store) {}

  const Json* Find(Document::Kind kind, StepKey key) const override;
  std::vector<const Json*> FindItemOutputs(uint32_t step, int32_t count) const override;
  const std::string* FindText(Document::Kind kind, StepKey key) const override;

  bool IsBroken() const override { return failure_.has_value(); }
  /// What the store answered when it could not be read.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  const Json* Hold(std::shared_ptr<const Json> value) const { return held_.emplace_back(std::move(value)).get(); }
  const Json* FindLoopOutput(StepKey key, int32_t count) const;
  /// What is stored, or nothing.
  std::optional<std::string> Read(Document::Kind kind, StepKey key) const;

  const RunSlot& slot_;
  const Change& pending_;
  OutputCache& cache_;
  Store& store_;
  mutable std::vector<std::shared_ptr<const Json>> held_;
  mutable std::deque<std::string> texts_;
  mutable std::optional<Error> failure_;
};

}  // namespace orc
