// Finding a workflow, and turning a client's document into what is stored.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/server.h"
#include "base/json.h"
#include "engine/find_workflow.h"

namespace orc {

/// By id, else by key. kNotFound.
inline Result<WorkflowRow> FindWorkflow(const ApiParts& parts, const std::string& id_or_key) {
  return FindWorkflow(parts.store, id_or_key);
}

struct CheckedDefinition {
  std::string payload;  // what is stored
  std::string key;
  std::shared_ptr<const Definition> definition;
  std::vector<Problem> warnings;
};
/// kInvalid with every problem and warning. Fields that are the server's own (id, version, times) are left out without a word: a client may
/// send back what it got.
Result<CheckedDefinition> CheckWorkflowDocument(const ApiParts& parts, Json document);

/// kConflict when another workflow has the key.
Result<void> CheckKeyIsFree(const ApiParts& parts, const std::string& key, const std::string& workflow_id);

}  // namespace orc
