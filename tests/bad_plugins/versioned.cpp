// Built twice, as version 1.0.0 and 2.0.0: what a reload must tell apart.
#include <unistd.h>

#include <chrono>
#include <orchestrator/action.hpp>
#include <string>
#include <thread>

namespace {

using orchestrator::ActionInfo;
using orchestrator::Attempt;
using orchestrator::Host;
using orchestrator::Request;
using orchestrator::Result;

class Which {
 public:
  static constexpr ActionInfo kInfo{"ver.which", ORC_TEST_VERSION, "Says its version."};
  Which(const Host&, std::string_view) {}
  void Start(Attempt attempt, const Request&) { attempt.Succeed("\"" ORC_TEST_VERSION "\""); }
};

/// Waits until the file that its input names is there.
class Wait {
 public:
  static constexpr ActionInfo kInfo{"ver.wait", ORC_TEST_VERSION, "Waits for a file, then says its version."};
  Wait(const Host&, std::string_view) {}
  Result Run(Attempt& attempt, const Request& request) {
    attempt.AppendLog("waiting");
    const std::string file(request.input.substr(1, request.input.size() - 2));
    while (::access(file.c_str(), F_OK) != 0) {
      if (attempt.Cancelled()) return Result::Cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Result::Success("\"" ORC_TEST_VERSION "\"");
  }
};

}  // namespace

#if ORC_TEST_SECOND
struct Added : Which {
  static constexpr ActionInfo kInfo{"ver.added", ORC_TEST_VERSION, "New in the second version."};
  using Which::Which;
};
ORCHESTRATOR_PLUGIN("versioned", ORC_TEST_VERSION, "Apache-2.0", "Two versions.", Which, Wait, Added)
#else
ORCHESTRATOR_PLUGIN("versioned", ORC_TEST_VERSION, "Apache-2.0", "Two versions.", Which, Wait)
#endif
