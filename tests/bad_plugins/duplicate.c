/* It offers what another plugin offers already. */
#include "minimal.h"

static const orc_action action = MINIMAL_ACTION("c.echo");
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = MINIMAL_PLUGIN("duplicate", actions);
const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
