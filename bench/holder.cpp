// Keeps every attempt, and ends it only when it is cancelled: for the memory of attempts under way.
#include <orchestrator/action.hpp>

namespace {

class Hold {
 public:
  static constexpr orchestrator::ActionInfo kInfo{"bench.hold", "1.0.0", "Holds."};
  Hold(const orchestrator::Host& host, std::string_view) : host_(host) {}
  void Start(orchestrator::Attempt attempt, const orchestrator::Request&) {
    alignas(orchestrator::Attempt) unsigned char grave[sizeof(orchestrator::Attempt)];
    new (grave) orchestrator::Attempt(std::move(attempt));  // never destroyed: all that is kept is the number, at the host
  }
  void Cancel(orc_attempt id) { orchestrator::Attempt(host_.raw(), id).Complete(orchestrator::Result::Cancelled()); }

 private:
  orchestrator::Host host_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("holder", "1.0.0", "Apache-2.0", "For measurements.", Hold)
