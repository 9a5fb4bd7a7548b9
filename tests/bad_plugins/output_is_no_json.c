/* Its output is no JSON. */
#include "minimal.h"

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  static const orc_text output = TEXT("{oops");
  orc_request changed = *request;
  changed.input = output;
  minimal_start(instance, attempt, &changed);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("output_is_no_json", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = start;
  return &plugin;
}
