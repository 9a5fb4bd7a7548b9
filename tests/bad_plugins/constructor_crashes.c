/* It crashes while it is loaded. */
#include <stdlib.h>

#include "minimal.h"

__attribute__((constructor)) static void crash(void) { abort(); }
static const orc_action action = MINIMAL_ACTION("bad.action");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("constructor_crashes", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
