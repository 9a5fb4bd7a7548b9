#include "engine/find_workflow.h"

namespace orc {

Result<WorkflowRow> FindWorkflow(Store& store, const std::string& id_or_key) {
  Result<WorkflowRow> row = store.GetWorkflow(id_or_key);
  if (row.ok() || row.error().code != ErrorCode::kNotFound) return row;
  if (!id_or_key.empty()) {
    Result<WorkflowRow> by_key = store.GetWorkflowByKey(id_or_key);
    if (by_key.ok() || by_key.error().code != ErrorCode::kNotFound) return by_key;
  }
  return Error{ErrorCode::kNotFound, "there is no workflow \"" + id_or_key + "\""};
}

}  // namespace orc
