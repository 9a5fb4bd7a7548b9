// Its static destructor crashes: only the end of the process shows that.
#include <cstdlib>

#include "minimal.h"

namespace {
struct Crash {
  ~Crash() { std::abort(); }
};
}  // namespace

extern "C" const orc_plugin* orchestrator_plugin_v1(void) {
  static const orc_action action = MINIMAL_ACTION("bad.action");
  static const orc_action* const actions[] = {&action};
  static const orc_plugin plugin = MINIMAL_PLUGIN("exit_crashes", actions);
  static const Crash crash;
  return &plugin;
}
