/* It forgets what it allocated for its instance. */
#include <stdlib.h>

#include "minimal.h"

static void* leak(const orc_host* host, orc_text config, const orc_sink* error) {
  (void)minimal_create(host, config, error);
  return malloc(1000);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("leaks", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.create = leak;
  return &plugin;
}
