#include <sstream>

#include "base/json.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

template <typename... Values>
std::string Join(const Values&... values) {
  std::ostringstream out;
  ((out << values << " | "), ...);
  return out.str();
}

}  // namespace

std::string Describe(const WorkflowRow& row) {
  return Join(row.id, row.key, row.name, row.description, row.version, row.archived, row.created_us, row.updated_us);
}

std::string Describe(const VersionRow& row) { return Join(row.id, row.workflow_id, row.version, row.payload, row.created_us); }

std::string Describe(const TemplateRow& row) {
  return Join(row.id, row.name, row.description, row.document, row.created_us, row.updated_us);
}

std::string Describe(const RunIdentity& identity) {
  return Join(identity.id, identity.workflow_id, identity.workflow_version, identity.created_us, identity.created_by, identity.labels,
              identity.approve_every_step);
}

std::string Describe(const RunProgress& progress) {
  return Join(ToText(progress.status), progress.attempt, progress.revision, progress.next_step, progress.started_us, progress.updated_us,
              progress.finished_us, progress.wake_us, progress.next_event, progress.cancel_forced, progress.error);
}

std::string Describe(const StepState& state) {
  std::string text =
      Join(state.step, state.item, ToText(state.status), state.tries, state.due_us, state.started_us, state.finished_us, state.http_code);
  if (state.error) text += "error " + Join(state.error->code, state.error->message, state.error->retryable, state.error->detail);
  if (state.approval) {
    const Approval& approval = *state.approval;
    text += "approval " + Join(approval.approved, approval.actor, approval.comment, approval.input, approval.at_us);
  }
  return text;
}

std::string Describe(const Run& run) {
  std::string text = Describe(run.identity) + "\n" + Describe(run.progress) + "\n" + PrintJson(*run.context) + "\n";
  for (const StepState& state : run.steps) text += Describe(state) + "\n";
  return text;
}

std::string Describe(const EventRow& row) {
  const HistoryEvent& event = row.event;
  return Join(row.id, row.run_id, row.workflow_id, event.number, event.at_us, event.type, event.step, event.item, event.payload);
}

std::string Describe(const LogRow& row) {
  return Join(row.id, row.run_id, row.at_us, row.step, row.try_number, row.level, row.source, row.text);
}

std::string Describe(const Document& document) {
  return Join(static_cast<int>(document.kind), document.step, document.item, document.text);
}

}  // namespace orc::test
