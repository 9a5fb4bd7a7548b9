/* Its output schema is JSON, but no schema. */
#include "minimal.h"

static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("wrong_schema", actions);
static const orc_text schema = TEXT("{\"type\": 7}");
const orc_plugin* orchestrator_plugin_v1(void) {
  action.output_schema = schema;
  return &plugin;
}
