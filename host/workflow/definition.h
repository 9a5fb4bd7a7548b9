// A workflow version as plain values: parsed once, shared by every run of it, never changed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/json_schema.h"
#include "expr/expression.h"
#include "expr/template.h"
#include "workflow/policies.h"
#include "workflow/schedule.h"

namespace orc {

struct StepDefinition {
  enum class Role : uint8_t { kStep, kFinally, kCompensation };
  Role role = Role::kStep;
  std::string id;          // the client's, or the server's "step_…"; unique. A compensation's: "<id of what it undoes>.compensate"
  std::string name;        // what people read; need not be unique
  std::string key;         // what expressions use: a slug of the name, unique (a repeated one gets _2, _3 …); "" for a compensation
  bool key_given = false;  // by the client; else it was made of the name
  std::string action;
  Json input;                  // as written
  std::string input_text;      // `input` as compact JSON, for dispatch without printing it again
  Template input_template;     // compiled `input`; has_expressions() false when it is literal
  bool names_secrets = false;  // some expression of the input does: the host fills those in at the call
  RetryPolicy retry;
  int64_t timeout_ms = 0;               // of one try; 0: none but the action's own
  std::optional<GatePolicy> gate = {};  // `requires_approval`
  CompiledExpression condition = {};    // `if`
  std::vector<uint32_t> needs = {};     // of a graph: indexes, ascending
  std::optional<ForEach> for_each = {};
  std::optional<Repeat> repeat = {};
  std::vector<CatchRule> catches = {};
  int32_t compensation = -1;  // index of the step that undoes this one; -1: none
  int32_t undoes = -1;        // of a compensation: index of what it undoes
  CompiledExpression idempotency_key = {};
  CompiledExpression control_expression = {};  // `expr` of a transform's input, `if` of a condition's; no part of input_template
};

struct Definition {
  std::string name;
  std::string description;
  bool expressions = true;  // false: `{{` is literal text
  bool is_graph = false;    // some step has `needs`: steps begin when theirs are met; else one after another

  /// The steps in their order, then those of `finally`, then one compensation for each step that has `compensate`.
  std::vector<StepDefinition> steps;
  uint32_t main_count = 0;                        // steps[0 … main_count)
  uint32_t finally_count = 0;                     // steps[main_count … main_count + finally_count)
  std::vector<std::vector<uint32_t>> dependents;  // of a graph: for each main step those that need it

  std::vector<std::pair<std::string, std::string>> labels;
  int64_t timeout_ms = 0;                          // of a run; 0: none
  std::shared_ptr<const JsonSchema> input_schema;  // of a run's context; null: any object
  CompiledExpression output;                       // the run's result: either of these, or neither
  std::optional<Template> output_template;
  std::string on_failure;  // id or key of the workflow that a failure starts, or ""
  LimitPolicy limit;
  Retention retention;
  std::vector<ScheduleDefinition> schedules;

  /// The step of that id, else of that key, else of that (unique) name; kNoStep, or kAmbiguousStep for a name that several bear.
  /// Compensations are not found.
  int FindStep(std::string_view id_key_or_name) const;
  static constexpr int kNoStep = -1;
  static constexpr int kAmbiguousStep = -2;

  /// Fills the look-up of FindStep from `steps`.
  void IndexSteps();

 private:
  std::unordered_map<std::string, int> by_id_;
  std::unordered_map<std::string, int> by_key_;
  std::unordered_map<std::string, int> by_name_;
};

/// `[a-z_][a-z0-9_]*` made of a name, and never a word that CEL keeps for itself.
std::string SlugOf(std::string_view name);

/// Completes a checked document to what is stored: every step gets an id (from `ids`) where it has none. Fields are kept as
/// they were written, unknown ones included.
Json NormaliseDefinition(const Json& document, IdSource& ids);

/// Reads what can be read: what does not fit goes to `problems` and is left out.
std::shared_ptr<const Definition> ReadDefinition(const Json& document, std::vector<Problem>& problems);

/// Reads a stored document. kInvalid lists what does not fit; a document that the definition check passed always parses.
Result<std::shared_ptr<const Definition>> ParseDefinition(const Json& document);

}  // namespace orc
