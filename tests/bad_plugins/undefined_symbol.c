/* It needs a function that nobody has. */
#include "minimal.h"

extern int a_function_that_nobody_has(void);
static void call(void* instance) {
  (void)instance;
  a_function_that_nobody_has();
}
static orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("undefined_symbol", actions);
const orc_plugin* orchestrator_plugin_v1(void) {
  action.destroy = call;
  return &plugin;
}
