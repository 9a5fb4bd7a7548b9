// A workflow version as plain values: parsed once, shared by every run of it, never changed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "expr/template.h"

namespace orc {

struct RetryPolicy {
  int32_t max = 0;           // EXTRA tries after the first
  int64_t backoff_ms = 250;  // before each extra try
};

struct StepDefinition {
  std::string id;          // the client's, or the server's "step_…"; unique in the definition
  std::string name;        // what people read; need not be unique
  std::string key;         // what expressions use: a slug of the name, unique (a repeated one gets _2, _3 …)
  bool key_given = false;  // by the client; else it was made of the name
  std::string action;
  Json input;               // as written
  std::string input_text;   // `input` as compact JSON, for dispatch without printing it again
  Template input_template;  // compiled `input`; has_expressions() false when it is literal
  RetryPolicy retry;
  int64_t timeout_ms = 0;  // of one try; 0: none but the action's own
  bool requires_approval = false;
};

struct Definition {
  std::string name;
  std::string description;
  bool expressions = true;  // false: `{{` is literal text
  std::vector<StepDefinition> steps;
  std::vector<std::pair<std::string, std::string>> labels;

  /// The step of that id, else of that key, else of that (unique) name; kNoStep, or kAmbiguousStep for a name that several bear.
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

/// Reads a stored document. kInvalid lists what does not fit; a document that CheckDefinition passed always parses.
Result<std::shared_ptr<const Definition>> ParseDefinition(const Json& document);

}  // namespace orc
