// How large a workflow may be, whatever a schema says. schema/*.json holds the same figures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orc {

inline constexpr size_t kMaxSteps = 10'000;
inline constexpr int64_t kMaxRetries = 1'000;
inline constexpr int64_t kMaxWaitMs = 86'400'000;                // a day: of a try's time-out and of a retry's backoff
inline constexpr int64_t kMaxRunMs = int64_t{365} * 86'400'000;  // a year: of a run's, a gate's and a wait's time-out
inline constexpr int64_t kMaxLimit = 100'000;                    // runs of one concurrency_key at a time
inline constexpr size_t kMaxFinally = 100;
inline constexpr size_t kMaxSignalName = 200;  // bytes
inline constexpr size_t kMaxSchedules = 100;
inline constexpr size_t kMaxScheduleName = 200;  // bytes

/// Of a workflow document that a template makes.
inline constexpr size_t kMaxMadeBytes = 4u << 20;

/// Problems that one check reports; the rest is counted.
inline constexpr size_t kMaxProblems = 1'000;

}  // namespace orc
