/* A library like any other: it exports something else. */
#include "minimal.h"

ORC_EXPORT int something_else(void);
int something_else(void) {
  (void)minimal_create;
  (void)minimal_destroy;
  (void)minimal_start;
  return 1;
}
