/* It crashes over a configuration that is longer than it thought. */
#include <stdlib.h>

#include "minimal.h"

static void* crash(const orc_host* host, orc_text config, const orc_sink* error) {
  if (config.size > 1000) abort();
  return minimal_create(host, config, error);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("config_crashes", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.create = crash;
  return &plugin;
}
