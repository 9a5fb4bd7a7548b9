// Ids: a prefix that says what it names, and a tail that sorts by time.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace orc {

inline constexpr std::string_view kWorkflowPrefix = "wf_";
inline constexpr std::string_view kVersionPrefix = "wfver_";
inline constexpr std::string_view kRunPrefix = "run_";
inline constexpr std::string_view kStepPrefix = "step_";
inline constexpr std::string_view kTemplatePrefix = "tpl_";
inline constexpr std::string_view kSchedulePrefix = "sch_";

/// Makes ids: the prefix and 32 hex digits of a UUIDv7 (48 bits of milliseconds, then a counter and random bits).
/// Ids of one source ascend strictly. Thread-safe.
class IdSource {
 public:
  /// `clock` must outlive the source. `seed` 0 takes the random bits from the system.
  explicit IdSource(const Clock& clock, uint64_t seed = 0);
  std::string New(std::string_view prefix);

 private:
  const Clock& clock_;
  std::atomic<uint64_t> last_{0};  // milliseconds << 12 | counter
  std::atomic<uint64_t> random_;
};

/// A 64-bit hash of text that stays the same between builds and machines (FNV-1a, finished by a mix).
uint64_t StableHash(std::string_view text);

}  // namespace orc
