/* It begins and never ends. */
#include "minimal.h"

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  (void)instance;
  (void)attempt;
  (void)request;
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("never_completes", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  (void)minimal_start;
  action.start = start;
  return &plugin;
}
