/* Its entry returns NULL. */
#include "minimal.h"

const orc_plugin* orchestrator_plugin_v1(void) {
  (void)minimal_create;
  (void)minimal_destroy;
  (void)minimal_start;
  return 0;
}
