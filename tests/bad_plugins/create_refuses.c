/* It refuses its configuration and says why. */
#include "minimal.h"

static void* refuse(const orc_host* host, orc_text config, const orc_sink* error) {
  static const orc_text reason = TEXT("base_url is missing");
  (void)host;
  (void)config;
  error->write(error->context, reason);
  return 0;
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("create_refuses", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.create = refuse;
  return &plugin;
}
