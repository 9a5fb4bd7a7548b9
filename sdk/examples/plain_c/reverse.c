/* A plugin in plain C: the action text.reverse, an asynchronous one that ends at once. Built with nothing but abi.h:
 *   cc -std=c11 -fPIC -fvisibility=hidden $(pkg-config --cflags orchestrator-sdk) reverse.c -o reverse.so $(pkg-config --libs orchestrator-sdk)
 * Its input is a JSON string of plain ASCII without escapes, as its schema demands, so it needs no JSON library. */
#include <orchestrator/abi.h>
#include <stdlib.h>

#define TEXT(literal) \
  { (literal), sizeof(literal) - 1 }

typedef struct reverse {
  const orc_host* host;
} reverse;

static void* create(const orc_host* host, orc_text config, const orc_sink* error) {
  static const orc_text no_memory = TEXT("no memory for the instance");
  reverse* self = malloc(sizeof *self);
  (void)config; /* nothing to configure */
  if (self == NULL) {
    error->write(error->context, no_memory);
    return NULL;
  }
  self->host = host;
  return self;
}

static void destroy(void* instance) { free(instance); }

static void fail(const orc_host* host, orc_attempt attempt, orc_text code, orc_text message) {
  orc_result result = {0};
  result.struct_size = sizeof result;
  result.outcome = ORC_FAILED;
  result.retry_after_ms = -1;
  result.error_code = code;
  result.error_message = message;
  host->complete(host->context, attempt, &result);
}

static void start(void* instance, orc_attempt attempt, const orc_request* request) {
  static const orc_text log_line = TEXT("reversing");
  static const orc_text no_memory_code = TEXT("no_memory");
  static const orc_text no_memory = TEXT("no memory for the answer");
  const orc_host* host = ((reverse*)instance)->host;
  const size_t size = request->input.size; /* with both quotes */
  orc_result result = {0};
  char* out = malloc(size);
  size_t i;
  if (out == NULL) {
    fail(host, attempt, no_memory_code, no_memory);
    return;
  }
  for (i = 0; i < size; ++i) out[i] = request->input.data[size - 1 - i];
  host->append_run_log(host->context, attempt, ORC_INFO, log_line);
  result.struct_size = sizeof result;
  result.outcome = ORC_SUCCEEDED;
  result.retry_after_ms = -1;
  result.output.data = out;
  result.output.size = size;
  host->complete(host->context, attempt, &result);
  free(out); /* borrowed for the call: nothing is ever freed across the border */
}

static const orc_action action = {
    sizeof(orc_action),
    ORC_ACTION_IDEMPOTENT | ORC_ACTION_PURE,
    0,
    TEXT("text.reverse"),
    TEXT("1.0.0"),
    TEXT("Reverses a text."),
    TEXT("{\"type\": \"object\"}"),
    TEXT("{\"type\": \"string\", \"pattern\": \"^[ !#-\\\\[\\\\]-~]*$\"}"),
    TEXT("{\"type\": \"string\"}"),
    create,
    destroy,
    start,
    NULL, /* there is nothing to cancel */
    NULL, /* and nothing that could be unhealthy */
};
static const orc_action* const actions[] = {&action};
static const orc_plugin plugin = {sizeof(orc_plugin),   ORC_ABI_MAJOR,      ORC_ABI_MINOR, TEXT("reverse"), TEXT("1.0.0"),
                                  TEXT("Apache-2.0"), TEXT("In plain C."), actions,       1};

ORC_EXPORT const orc_plugin* orchestrator_plugin_v1(void) { return &plugin; }
