/* Its input schema is not JSON. Its other action is fine. */
#include "minimal.h"

static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action fine = MINIMAL_ACTION("bad.neighbour");
static const orc_action* const actions[] = {&action, &fine};
static const orc_plugin plugin = MINIMAL_PLUGIN("broken_schema", actions);
static const orc_text schema = TEXT("{\"type\": ");
const orc_plugin* orchestrator_plugin_v1(void) {
  action.input_schema = schema;
  return &plugin;
}
