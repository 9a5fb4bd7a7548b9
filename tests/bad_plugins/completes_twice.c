/* It ends every attempt twice. */
#include "minimal.h"

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  minimal_start(instance, attempt, request);
  minimal_start(instance, attempt, request);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("completes_twice", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = start;
  return &plugin;
}
