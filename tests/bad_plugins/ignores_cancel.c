/* It does not end when it is cancelled. */
#include "http_call.h"

static void http_done(void* context, orc_attempt attempt, const orc_http_response* response) {
  (void)context;
  (void)response;
  if (minimal_host->is_cancelled(minimal_host->context, attempt) == 0) http_end(attempt);
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("ignores_cancel", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.start = http_start;
  return &plugin;
}
