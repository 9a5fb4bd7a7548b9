// Which steps can have run before which.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workflow/definition.h"

namespace orc {

/// Of a definition whose steps are linked. Where needs go in a circle every step counts as seen: that is said elsewhere.
class StepSight {
 public:
  explicit StepSight(const Definition& definition);

  /// "" when step `from` (an index; main_count + finally_count and beyond see all main steps) can look at what step `target` did; else why
  /// not.
  std::string WhyNot(uint32_t from, uint32_t target) const;

 private:
  const Definition& definition_;
  std::vector<std::vector<uint64_t>> ancestors_;  // of a graph: for each main step, as bits, those that its needs lead to
};

}  // namespace orc
