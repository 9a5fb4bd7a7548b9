/* It refuses its configuration without a word. */
#include "minimal.h"

static void* refuse(const orc_host* host, orc_text config, const orc_sink* error) {
  (void)host;
  (void)config;
  (void)error;
  return 0;
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("create_silent", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.create = refuse;
  return &plugin;
}
