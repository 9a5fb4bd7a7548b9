// Written against the C ABI in C++, without the SDK's trampolines: lets an exception out of start, and out of cancel.
#include <stdexcept>

#include "minimal.h"

namespace {
void Throw(void*, orc_attempt, const orc_request*) { throw std::runtime_error("not caught in the plugin"); }
void Nothing(void*, orc_attempt, const orc_request*) {}
void ThrowCancel(void*, orc_attempt) { throw 42; }
}  // namespace

extern "C" const orc_plugin* orchestrator_plugin_v1(void) {
  static orc_action action = MINIMAL_ACTION("raw.start_throws");
  static orc_action other = MINIMAL_ACTION("raw.cancel_throws");
  static const orc_action* const actions[] = {&action, &other};
  static const orc_plugin plugin = MINIMAL_PLUGIN("start_throws", actions);
  (void)minimal_start;
  action.start = Throw;
  other.start = Nothing;
  other.cancel = ThrowCancel;
  return &plugin;
}
