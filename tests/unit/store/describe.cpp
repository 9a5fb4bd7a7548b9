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
              identity.approve_every_step, identity.parent.run_id, identity.parent.step, identity.parent.item, identity.depth,
              identity.schedule_id, identity.scheduled_us, identity.limit_key);
}

std::string Describe(const RunProgress& progress) {
  std::string signals;
  for (const KeptSignal& signal : progress.signals) signals += std::to_string(signal.number) + signal.name + ",";
  return Join(ToText(progress.status), progress.attempt, progress.revision, progress.next_step, progress.started_us, progress.updated_us,
              progress.finished_us, progress.wake_us, progress.next_event, progress.cancel_forced, progress.error, progress.error_code,
              ToText(progress.phase), progress.outcome ? ToText(*progress.outcome) : "-", progress.queued, progress.paused,
              progress.undoing_failed, progress.finally_failed, progress.deadline_us, progress.expires_us, signals, progress.next_signal);
}

std::string Describe(const StepState& state) {
  std::string text =
      Join(state.step, state.item, ToText(state.status), state.tries, state.due_us, state.started_us, state.finished_us, state.http_code);
  if (state.error) text += "error " + Join(state.error->code, state.error->message, state.error->retryable, state.error->detail);
  text +=
      Join(state.round, state.round_started_us, state.caught, state.ended_no, static_cast<int>(state.wait), state.wait_for, state.own_key);
  text += Join(state.loop.total, state.loop.begun, state.loop.ended, state.loop.failed);
  for (const Approval& approval : state.approvals) {
    text += "approval " + Join(approval.approved, approval.actor, approval.comment, approval.input, approval.at_us);
  }
  return text;
}

std::string Describe(const Run& run) {
  std::string text = Describe(run.identity) + "\n" + Describe(run.progress) + "\n" + PrintJson(*run.context) + "\n";
  for (const auto& [key, state] : run.steps) text += Describe(state) + "\n";
  return text;
}

std::string Describe(const EventRow& row) {
  const HistoryEvent& event = row.event;
  return Join(row.id, row.run_id, row.workflow_id, event.number, event.at_us, event.type, event.step, event.item, event.payload);
}

std::string Describe(const LogRow& row) {
  return Join(row.id, row.run_id, row.at_us, row.step, row.try_number, row.level, row.source, row.text);
}

std::string Describe(const ScheduleRow& row) {
  const ScheduleProgress& progress = row.progress;
  return Join(row.id, row.workflow_id, row.name, row.created_us, row.active, row.workflow_version, row.cron, row.timezone,
              ToText(row.overlap), ToText(row.catch_up), row.context, row.paused, row.revision) +
         Join(progress.next_us, progress.owed_us, progress.backlog_us, progress.backlog_end_us, progress.last_fired_us,
              progress.last_run_id, progress.skipped, progress.last_skipped_us, progress.last_missed_us);
}

std::string Describe(const Document& document) {
  return Join(static_cast<int>(document.kind), document.step, document.item, document.text);
}

}  // namespace orc::test
