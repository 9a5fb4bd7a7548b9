/* Not bad at all: built with a later minor of the ABI, whose tables are longer. */
#include "minimal.h"

typedef struct later_action {
  orc_action action;
  void (*added)(void* instance);
} later_action;
typedef struct later_plugin {
  orc_plugin plugin;
  const char* added;
} later_plugin;

static later_action action = {MINIMAL_ACTION("later.echo"), 0};
static const orc_action* const actions[] = {&action.action};
static later_plugin plugin = {MINIMAL_PLUGIN("tomorrow", actions), "more"};
const orc_plugin* orchestrator_plugin_v1(void) {
  action.action.struct_size = sizeof action;
  plugin.plugin.struct_size = sizeof plugin;
  plugin.plugin.abi_minor = ORC_ABI_MINOR + 1;
  return &plugin.plugin;
}
