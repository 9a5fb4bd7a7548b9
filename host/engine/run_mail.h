// What one run has to tell another.
#pragma once

#include <cstdint>
#include <string>

namespace orc {

/// Written with what caused it, and dropped with what comes of it: a crash between the two loses nothing.
struct RunMail {
  enum class Kind : uint8_t {
    kEnded,        // `from`, a sub-workflow, is at its end: `step` of `to` waits for it
    kCancel,       // `to` is to be cancelled
    kForceCancel,  // likewise, by force
  };
  std::string to = {};
  std::string from = {};
  Kind kind = Kind::kEnded;
  uint32_t step = 0;    // kEnded: of `to`
  int32_t item = -1;    // likewise
  int32_t attempt = 1;  // of the run `from`: one that is tried again ends again
};

}  // namespace orc
