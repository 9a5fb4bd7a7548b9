// What a step says about tries, gates, loops and failures.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json_schema.h"
#include "expr/expression.h"
#include "expr/template.h"

namespace orc {

using CompiledExpression = std::shared_ptr<const Expression>;  // null: the field is not there

/// `retry`: what follows a failed try.
struct RetryPolicy {
  int32_t max = 0;                   // EXTRA tries after the first
  int64_t backoff_ms = 250;          // before the first extra try
  double factor = 1;                 // each further wait is the one before times this …
  int64_t max_backoff_ms = 0;        // … but no longer than this; 0: kMaxWaitMs
  double jitter = 0;                 // 0 … 1: that part of the wait is drawn by lot
  std::vector<std::string> on = {};  // error codes, statuses ("503"), classes ("5xx"), "*"; empty: whatever another try may change
  int64_t budget_ms = 0;             // of all tries together, from the begin of the first; 0: none
};

/// `requires_approval`.
struct GatePolicy {
  enum class OnTimeout : uint8_t { kReject, kApprove, kFail };
  std::vector<std::string> approvers = {};  // "user:ana", "role:release"; empty: whoever may approve
  int32_t count = 1;                        // approvals that it takes
  bool allow_self = false;                  // the run's starter may approve though `approvers` are named
  int64_t timeout_ms = 0;                   // 0: waits for ever
  OnTimeout on_timeout = OnTimeout::kReject;
  Json form = nullptr;  // JSON Schema of the approver's input, as written; null: anything goes
  std::shared_ptr<const JsonSchema> form_schema = {};
  std::optional<Template> message = {};  // of one string; what the approver reads
};

/// One entry of `catch`: what to do instead of failing.
struct CatchRule {
  std::vector<std::string> on = {};  // as of RetryPolicy; empty: every error
  int32_t goto_step = -1;            // index of a later step; -1: go on with the next
  std::optional<Template> set = {};  // of an object: merged into the context
};

/// `for_each`, `concurrency`, `on_item_error`.
struct ForEach {
  CompiledExpression items = {};  // a list or a map
  int32_t concurrency = 10;
  bool continue_on_error = false;
};

/// `repeat`.
struct Repeat {
  CompiledExpression until = {};  // sees `output`
  int64_t every_ms = 1000;        // between rounds
  int32_t max = 60;               // rounds in all
};

/// `limit`, `concurrency_key`, `on_limit`: how many runs of a workflow go on at a time.
struct LimitPolicy {
  enum class OnLimit : uint8_t { kQueue, kReject, kCancelOldest };
  int32_t limit = 0;            // 0: as many as come
  CompiledExpression key = {};  // runs with the same one count together; null: all of the workflow
  OnLimit on_limit = OnLimit::kQueue;
};

/// How long a run is kept after its end, in ms, by how it ended; -1: for ever.
struct Retention {
  int64_t succeeded_ms = -1;
  int64_t failed_ms = -1;
  int64_t canceled_ms = -1;
  int64_t timed_out_ms = -1;
};

}  // namespace orc
