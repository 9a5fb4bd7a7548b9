/** @file
 * The C ABI between orchestrator and its action plugins. C11 and C++11..20 clean, no dependency.
 *
 * Rules. Every struct begins with its own size and grows only at the end: a reader takes a missing tail as "not supported".
 * Text is UTF-8 {data, size}, borrowed for the length of the call: copy what you keep. Nothing is ever freed across the border.
 * No exception may cross it. A library is never unloaded. Thread tags on each function: [any] any thread, at once if need be;
 * [init] one thread, before any attempt; [loop] a host thread that must not be held up. */
#ifndef ORCHESTRATOR_ABI_H
#define ORCHESTRATOR_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ORC_ABI_MAJOR 1u
#define ORC_ABI_MINOR 0u
#define ORC_ENTRY_NAME "orchestrator_plugin_v1"

/** Whether a struct of the other side is new enough to have `member`: ORC_HAS(orc_host, host, http_send) ? ... */
#define ORC_HAS(type, pointer, member) ((pointer)->struct_size >= offsetof(type, member) + sizeof((pointer)->member))

#if defined(_WIN32)
#define ORC_EXPORT __declspec(dllexport)
#else
#define ORC_EXPORT __attribute__((visibility("default")))
#endif

typedef struct orc_text {
  const char* data; /**< may be NULL when size is 0; not terminated */
  size_t size;
} orc_text;

/** Takes text that its callee reports: an error of create, say. Called at most once. */
typedef struct orc_sink {
  void* context;
  void (*write)(void* context, orc_text text);
} orc_sink;

/** One try of one step. Never used again within a process: a late, second or unknown completion is a harmless look-up. */
typedef uint64_t orc_attempt;

enum orc_outcome { ORC_SUCCEEDED = 0, ORC_FAILED = 1, ORC_FAILED_RETRYABLE = 2, ORC_CANCELLED = 3 };
enum orc_level { ORC_DEBUG = 0, ORC_INFO = 1, ORC_WARN = 2, ORC_ERROR = 3 };

/** What the host tells of a try. */
typedef struct orc_request {
  size_t struct_size;
  orc_text input; /**< a JSON document that satisfies the action's input schema */
  orc_text action;
  orc_text run_id;
  orc_text workflow_id;
  orc_text step_id;
  orc_text step_name;
  orc_text idempotency_key; /**< the same on every try of the step: send it on */
  int32_t try_number;       /**< 1, 2, 3 ... */
  int32_t reserved;
  int64_t timeout_ms; /**< of this try; 0: none but the action's own */
} orc_request;

/** How a try ended. */
typedef struct orc_result {
  size_t struct_size;
  int32_t outcome;        /**< enum orc_outcome */
  int32_t http_code;      /**< 0: none */
  int64_t retry_after_ms; /**< what the far side asked for; -1: nothing */
  orc_text output;        /**< a JSON document; empty means null. Also of a failure when there was an answer */
  orc_text error_code;    /**< of a failure: "timeout", "network", "http_status", ... */
  orc_text error_message;
  orc_text error_detail;     /**< JSON or empty */
  orc_text response_headers; /**< JSON object or empty */
} orc_result;

typedef struct orc_http_header {
  orc_text name;
  orc_text value;
} orc_http_header;

enum orc_http_flags {
  ORC_HTTP_INSECURE_TLS = 1,  /**< do not verify the certificate */
  ORC_HTTP_SAFE_TO_RESEND = 2 /**< idempotent, or carries a key */
};

typedef struct orc_http_request {
  size_t struct_size;
  orc_text method;
  orc_text url; /**< http or https */
  const orc_http_header* headers;
  size_t header_count;
  orc_text body;
  int64_t timeout_ms;          /**< 0: 30 s */
  int64_t connect_timeout_ms;  /**< 0: 10 s */
  uint64_t max_response_bytes; /**< 0: the host's limit for a step's output */
  int32_t max_redirects;       /**< 0..3; a redirect beyond them is an answer like any other */
  uint32_t flags;              /**< enum orc_http_flags */
  orc_text ca_file;            /**< empty: the system's */
} orc_http_request;

typedef struct orc_http_response {
  size_t struct_size;
  int32_t status; /**< 0 when there was no answer */
  int32_t reserved;
  orc_text error_code; /**< empty: an answer came */
  orc_text error_message;
  const orc_http_header* headers; /**< names in lower case */
  size_t header_count;
  orc_text body;
  int64_t elapsed_us;
} orc_http_response;

typedef struct orc_http_callbacks {
  size_t struct_size;
  void* context;
  /** [loop] exactly once, from the host's HTTP thread; from the blocking pool for an action with ORC_ACTION_BLOCKING */
  void (*on_done)(void* context, orc_attempt attempt, const orc_http_response* response);
  /** [loop] pieces of a 2xx body as they come; may be NULL */
  void (*on_chunk)(void* context, orc_attempt attempt, orc_text piece);
} orc_http_callbacks;

/** What the host offers. Valid from create until the process ends. */
typedef struct orc_host {
  size_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  void* context; /**< hand it back as the first argument of each function below */
  /** [any] a line of the server's own log */
  void (*log)(void* context, int32_t level, orc_text message);
  /** [any] a line of the run's log */
  void (*append_run_log)(void* context, orc_attempt attempt, int32_t level, orc_text text);
  /** [any] 0..1, and a sentence */
  void (*progress)(void* context, orc_attempt attempt, double fraction, orc_text message);
  /** [any] 1 once the attempt was cancelled, timed out or is unknown */
  int32_t (*is_cancelled)(void* context, orc_attempt attempt);
  /** [any] microseconds since the Unix epoch */
  int64_t (*now_us)(void* context);
  /** [any] ends the attempt; only the first call counts */
  void (*complete)(void* context, orc_attempt attempt, const orc_result* result);
  /** [any] sends through the host's connections, policy and limits; the call ends with the attempt. 0, or -1 when the request
   * can't be taken at all (then no callback follows and `error` says why) */
  int32_t (*http_send)(void* context, orc_attempt attempt, const orc_http_request* request, const orc_http_callbacks* callbacks,
                       const orc_sink* error);
} orc_host;

enum orc_action_flags {
  ORC_ACTION_IDEMPOTENT = 1, /**< a repeated call does no harm, even without its key */
  ORC_ACTION_PURE = 2,       /**< no effect outside */
  ORC_ACTION_BLOCKING = 4,   /**< start and on_done may block: the host calls them from its bounded pool */
  ORC_ACTION_ISOLATED = 8    /**< may crash, never end or eat memory: the host runs it in a process of its own, whatever is configured */
};

typedef struct orc_action {
  size_t struct_size;
  uint32_t flags;
  uint32_t reserved;
  orc_text name;          /**< "web.search": [a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)* */
  orc_text version;       /**< "1.0.0" */
  orc_text summary;       /**< one sentence */
  orc_text config_schema; /**< JSON Schema draft-07, or empty */
  orc_text input_schema;
  orc_text output_schema;
  /** [init] makes the instance from its configuration (JSON). NULL: refused, and `error` has a sentence for the administrator */
  void* (*create)(const orc_host* host, orc_text config, const orc_sink* error);
  /** [init] after the last attempt ended */
  void (*destroy)(void* instance);
  /** [loop], or from the blocking pool: begins the attempt and returns; `complete` ends it. The request is borrowed for the call */
  void (*start)(void* instance, orc_attempt attempt, const orc_request* request);
  /** [any] may be NULL: stop soon, and complete as cancelled */
  void (*cancel)(void* instance, orc_attempt attempt);
  /** [any] may be NULL: 0 when healthy, else `report` has a sentence */
  int32_t (*check_health)(void* instance, const orc_sink* report);
} orc_action;

typedef struct orc_plugin {
  size_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  orc_text name;
  orc_text version;
  orc_text licence;
  orc_text summary;
  const orc_action* const* actions;
  size_t action_count;
} orc_plugin;

/** The one exported symbol. [init] The answer lives as long as the process. */
ORC_EXPORT const orc_plugin* orchestrator_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
