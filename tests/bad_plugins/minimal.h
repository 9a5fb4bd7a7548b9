/* A plugin that is right in every way; each file here makes it wrong in one. */
#ifndef ORC_TEST_MINIMAL_H
#define ORC_TEST_MINIMAL_H

#include "orchestrator/abi.h"

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

static const orc_host* minimal_host;
static int minimal_instance;

static void* minimal_create(const orc_host* host, orc_text config, const orc_sink* error) {
  (void)config;
  (void)error;
  minimal_host = host;
  return &minimal_instance;
}
static void minimal_destroy(void* instance) { (void)instance; }
static void minimal_start(void* instance, orc_attempt attempt, const orc_request* request) {
  orc_result result = {sizeof(orc_result), ORC_SUCCEEDED, 0, -1, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}};
  (void)instance;
  result.output = request->input;
  minimal_host->complete(minimal_host->context, attempt, &result);
}

#define MINIMAL_ACTION(name)                                                                                                          \
  {                                                                                                                                   \
    sizeof(orc_action), 0, 0, TEXT(name), TEXT("1.0.0"), TEXT("An action."), {0, 0}, {0, 0}, {0, 0}, minimal_create, minimal_destroy, \
        minimal_start, 0, 0                                                                                                           \
  }
#define MINIMAL_PLUGIN(name, actions)                                                                                            \
  {                                                                                                                              \
    sizeof(orc_plugin), ORC_ABI_MAJOR, ORC_ABI_MINOR, TEXT(name), TEXT("1.0.0"), TEXT("Apache-2.0"), TEXT("A plugin."), actions, \
        sizeof(actions) / sizeof(actions[0])                                                                                     \
  }

#endif
