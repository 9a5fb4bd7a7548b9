/* It has room for inputs of 10,000 bytes only. */
#include <stdlib.h>

#include "minimal.h"

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  if (request->input.size > 10000) abort();
  minimal_start(instance, attempt, request);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("long_input_crashes", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = start;
  return &plugin;
}
