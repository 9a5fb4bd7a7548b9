/* It leaves a descriptor open. */
#include <unistd.h>

#include "minimal.h"

static void* open_one(const orc_host* host, orc_text config, const orc_sink* error) {
  return dup(2) < 0 ? 0 : minimal_create(host, config, error);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("leaves_descriptor", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.create = open_one;
  return &plugin;
}
