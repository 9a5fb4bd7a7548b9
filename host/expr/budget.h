// What an evaluation may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orc {

struct ExpressionLimits {
  size_t max_source_bytes = 32u << 10;
  size_t max_depth = 150;        // of nesting
  size_t max_steps = 1'000'000;  // of an evaluation: parts visited, and work in proportion to bytes and elements
  size_t max_bytes = 8u << 20;   // that an evaluation makes, in all
};

/// Is used up step by step; several evaluations may share one. Once it is used up it stays so.
class Budget {
 public:
  Budget() : Budget(ExpressionLimits{}) {}
  explicit Budget(const ExpressionLimits& limits) : steps_(limits.max_steps), bytes_(limits.max_bytes) {}

  /// False when there are no more.
  bool Step(size_t count = 1) {
    if (count <= steps_) {
      steps_ -= count;
      return true;
    }
    steps_ = 0;
    is_out_of_steps_ = true;
    return false;
  }
  /// Work over so many bytes: cheap ones, a machine word of them is nothing beside a step.
  bool StepOver(size_t bytes) { return Step(1 + bytes / kBytesAStep); }
  bool Make(size_t bytes) {
    if (bytes > bytes_) {
      is_out_of_bytes_ = true;
      return false;
    }
    bytes_ -= bytes;
    return StepOver(bytes);
  }
  bool is_used_up() const { return is_out_of_steps_ || is_out_of_bytes_; }
  bool is_out_of_bytes() const { return is_out_of_bytes_; }

 private:
  static constexpr size_t kBytesAStep = 64;
  size_t steps_;
  size_t bytes_;
  bool is_out_of_steps_ = false;
  bool is_out_of_bytes_ = false;
};

}  // namespace orc
