#include "store/store_errors.h"

namespace orc {
namespace {

Error Conflict(std::string message) { return Error{ErrorCode::kConflict, std::move(message)}; }

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

Error NoSuch(std::string_view what, std::string_view id) {
  return Error{ErrorCode::kNotFound, "there is no " + std::string(what) + " " + Quoted(id)};
}

Error IdTaken(std::string_view what, std::string_view id) {
  return Conflict("a " + std::string(what) + " with the id " + Quoted(id) + " is stored already");
}

Error KeyTaken(std::string_view key) { return Conflict("another workflow has the key " + Quoted(key)); }

Error VersionTaken(std::string_view workflow_id, int32_t version) {
  return Conflict("workflow " + Quoted(workflow_id) + " has a version " + std::to_string(version) + " already");
}

Error WorkflowMoved(const WorkflowUpdate& update, int32_t found_version) {
  return Conflict("workflow " + Quoted(update.row.id) + " is at version " + std::to_string(found_version) +
                  ", the change was made for version " + std::to_string(update.expected_version));
}

Error RunMoved(const RunUpdate& update, std::optional<int64_t> found_revision) {
  if (!found_revision) return NoSuch("run", update.id);
  return Conflict("run " + Quoted(update.id) + " is at revision " + std::to_string(*found_revision) +
                  ", the change was made for revision " + std::to_string(update.expected_revision));
}

Error RunIsLive(std::string_view id, std::string_view status) {
  return Conflict("run " + Quoted(id) + " is " + std::string(status) + "; only a finished run can be deleted");
}

Error WorkflowIsArchived(std::string_view id) { return Conflict("workflow " + Quoted(id) + " is archived"); }

Error WorkflowIsBusy(std::string_view id) {
  return Conflict("runs of workflow " + Quoted(id) + " are live; wait, cancel them, or archive with ?force=true");
}

Error ScheduleMoved(const ScheduleAdvance& advance, std::optional<int64_t> found_revision) {
  if (!found_revision) return NoSuch("schedule", advance.id);
  return Conflict("schedule " + Quoted(advance.id) + " is at revision " + std::to_string(*found_revision) +
                  ", the change was made for revision " + std::to_string(advance.expected_revision));
}

Error IdempotencyKeyTaken(std::string_view scope, std::string_view key) {
  return Conflict("the idempotency key " + Quoted(key) + " was used already for " + std::string(scope));
}

}  // namespace orc
