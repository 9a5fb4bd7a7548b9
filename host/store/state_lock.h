// Keeps a second process off the same state.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace orc {

/// An exclusive flock on a file of its own, held as long as the object lives; the system drops it with the process, however that ends.
class StateLock {
 public:
  /// Takes the lock for `file` on `<file>.lock`. The error says who holds it, or why the lock file can't be made.
  static Result<std::unique_ptr<StateLock>> Take(const std::string& file);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

 private:
  explicit StateLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace orc
