/* It crashes when its instance is destroyed. */
#include <stdlib.h>

#include "minimal.h"

static void crash(void* instance) {
  (void)instance;
  abort();
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("destroy_crashes", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  (void)minimal_destroy;
  action.destroy = crash;
  return &plugin;
}
