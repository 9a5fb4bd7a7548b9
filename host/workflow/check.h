// The definition check: schema, each action's own input schema, and meaning. Every problem at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_schema.h"
#include "workflow/action_catalog.h"

namespace orc {

struct CheckReport {
  std::vector<Problem> errors;    // any: the document is refused
  std::vector<Problem> warnings;  // unknown fields and the like, each with the nearest known name
};

/// Checks workflow documents. Thread-safe after construction.
class DefinitionChecker {
 public:
  struct Options {
    std::string schema_dir;                 // folder of workflow.schema.json and steps.schema.json
    std::string workflow_schema_file;       // policy.workflow_schema; "" takes <schema_dir>/workflow.schema.json
    bool strict = false;                    // policy.strict: unknown fields are errors
    std::vector<std::string> secrets = {};  // names that the configuration has: another one is a warning
  };
  /// Reads and compiles the schemas; kInvalid or kNotFound says which file and why. `catalog` must outlive the checker.
  static Result<std::unique_ptr<DefinitionChecker>> Open(const Options& options, const ActionCatalog& catalog);
  virtual ~DefinitionChecker() = default;

  /// Pointers are relative to `document`. `params`: of a template, the schema of its params; null for a workflow, which has none.
  virtual CheckReport Check(const Json& document, const Json* params) const = 0;
  CheckReport Check(const Json& document) const { return Check(document, nullptr); }
};

}  // namespace orc
