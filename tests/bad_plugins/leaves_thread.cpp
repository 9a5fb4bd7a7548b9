// It leaves a thread running.
#include <thread>

#include "minimal.h"

namespace {
void* Create(const orc_host* host, orc_text config, const orc_sink* error) {
  std::thread([] {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  }).detach();
  return minimal_create(host, config, error);
}
}  // namespace

extern "C" const orc_plugin* orchestrator_plugin_v1(void) {
  static orc_action action = MINIMAL_ACTION("bad.action");
  static const orc_action* const actions[] = {&action};
  static const orc_plugin plugin = MINIMAL_PLUGIN("leaves_thread", actions);
  action.create = Create;
  return &plugin;
}
