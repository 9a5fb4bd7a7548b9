/* It remembers one attempt for all: with two under way, it ends the wrong one. */
#include "http_call.h"

static orc_attempt current;

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  current = attempt;
  http_start(instance, attempt, request);
}
static void http_done(void* context, orc_attempt attempt, const orc_http_response* response) {
  (void)context;
  (void)attempt;
  (void)response;
  http_end(current);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("mixes_attempts", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = start;
  return &plugin;
}
