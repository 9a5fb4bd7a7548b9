#include "store/run_columns.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "store/extra_columns.h"

namespace orc {
namespace {

std::string ErrorText(const StepError& error) {
  JsonWriter out;
  out.BeginObject().Field("code", error.code).Field("message", ToStorableText(error.message)).Field("retryable", error.retryable);
  if (!error.detail.empty()) out.Field("detail", ToStorableText(error.detail));
  out.EndObject();
  return std::move(out).text();
}

void AppendProgress(const RunProgress& progress, JsonRows& rows) {
  rows.Text(ToText(progress.status)).Int(progress.revision).Int(progress.attempt).Int(progress.next_step).Int(progress.next_event);
  rows.Int(progress.wake_us).Int(progress.started_us).Int(progress.updated_us).Int(progress.finished_us).Int(progress.cancel_forced);
  rows.Text(progress.error).Text(ExtraText(progress)).Int(progress.expires_us);
}

Error BadColumn(std::string_view what, std::string_view found) {
  return Error{ErrorCode::kInternal,
               "the database holds " + std::string(what) + " \"" + std::string(found) + "\", which this release does not know"};
}

Result<StepError> ParseError(std::string_view text) {
  ORC_ASSIGN_OR_RETURN(Json json, ParseJson(text));
  StepError error;
  error.code = StringAt(json, "code");
  error.message = StringAt(json, "message");
  error.retryable = BoolAt(json, "retryable", false);
  error.detail = StringAt(json, "detail");
  return error;
}

}  // namespace

std::string_view ToText(Document::Kind kind) {
  switch (kind) {
    case Document::Kind::kContext:
      return "context";
    case Document::Kind::kInput:
      return "input";
    case Document::Kind::kOutput:
      return "output";
    case Document::Kind::kResponseHeaders:
      return "response_headers";
    case Document::Kind::kItems:
      return "items";
    case Document::Kind::kSignal:
      return "signal";
    case Document::Kind::kMessage:
      return "message";
  }
  return "output";
}

void AppendNewRun(const Run& run, JsonRows& rows) {
  const RunIdentity& identity = run.identity;
  rows.Row();
  AppendProgress(run.progress, rows);
  rows.Text(identity.id).Text(identity.workflow_id).Int(identity.workflow_version).Int(identity.created_us).Text(identity.created_by);
  rows.Int(identity.approve_every_step)
      .Text(identity.labels)
      .Text(OriginText(identity))
      .Text(identity.limit_key)
      .Text(identity.schedule_id);
}

void AppendRunUpdate(const RunUpdate& update, JsonRows& rows) {
  rows.Row();
  AppendProgress(update.progress, rows);
  rows.Text(update.id).Int(update.expected_revision);
}

void AppendStep(const StepRow& row, int64_t since_us, JsonRows& rows) {
  const StepState& state = row.state;
  rows.Row().Text(row.run_id).Int(state.step).Int(state.item).Text(ToText(state.status)).Int(since_us).Int(state.tries).Int(state.due_us);
  rows.Int(state.started_us).Int(state.finished_us).Int(state.http_code);
  state.error ? rows.Text(ErrorText(*state.error)) : rows.Null();
  state.approvals.empty() ? rows.Null() : rows.Text(ApprovalsText(state.approvals));
  rows.Text(ExtraText(state));
}

Result<RunProgress> ReadProgress(const Row& row, int first) {
  RunProgress progress;
  std::optional<RunStatus> status = ParseRunStatus(row.View(first));
  if (!status) return BadColumn("the run status", row.View(first));
  progress.status = *status;
  progress.revision = row.Int(first + 1);
  progress.attempt = row.Int32(first + 2);
  progress.next_step = static_cast<uint32_t>(row.Int(first + 3));
  progress.next_event = row.Int(first + 4);
  progress.wake_us = row.Int(first + 5);
  progress.started_us = row.Int(first + 6);
  progress.updated_us = row.Int(first + 7);
  progress.finished_us = row.Int(first + 8);
  progress.cancel_forced = row.Int(first + 9) != 0;
  progress.error = row.Text(first + 10);
  progress.expires_us = row.Int(first + 12);
  ORC_RETURN_IF_ERROR(ReadExtra(row.View(first + 11), progress));
  return progress;
}

Result<RunIdentity> ReadIdentity(const Row& row, int first) {
  RunIdentity identity;
  identity.id = row.Text(first);
  identity.workflow_id = row.Text(first + 1);
  identity.workflow_version = row.Int32(first + 2);
  identity.created_us = row.Int(first + 3);
  identity.created_by = row.Text(first + 4);
  identity.approve_every_step = row.Int(first + 5) != 0;
  identity.labels = row.Text(first + 6);
  ORC_RETURN_IF_ERROR(ReadOrigin(row.View(first + 7), identity));
  identity.limit_key = row.Text(first + 8);
  identity.schedule_id = row.Text(first + 9);
  return identity;
}

Result<StepState> ReadStep(const Row& row) {
  StepState state;
  state.step = static_cast<uint32_t>(row.Int(0));
  state.item = row.Int32(1);
  std::optional<StepStatus> status = ParseStepStatus(row.View(2));
  if (!status) return BadColumn("the step status", row.View(2));
  state.status = *status;
  state.tries = row.Int32(3);
  state.due_us = row.Int(4);
  state.started_us = row.Int(5);
  state.finished_us = row.Int(6);
  state.http_code = row.Int32(7);
  if (!row.IsNull(8)) {
    ORC_ASSIGN_OR_RETURN(state.error, ParseError(row.View(8)));
  }
  if (!row.IsNull(9)) {
    ORC_ASSIGN_OR_RETURN(state.approvals, ParseApprovals(row.View(9)));
  }
  ORC_RETURN_IF_ERROR(ReadExtra(row.View(10), state));
  return state;
}

Result<Run> ReadRun(const Row& row) {
  ORC_ASSIGN_OR_RETURN(RunProgress progress, ReadProgress(row, 0));
  ORC_ASSIGN_OR_RETURN(RunIdentity identity, ReadIdentity(row, kProgressColumns));
  return Run{std::move(identity), std::move(progress), NoContext(), {}, {}};
}

std::shared_ptr<const Json> NoContext() {
  static const std::shared_ptr<const Json> none = std::make_shared<const Json>(JsonObject());
  return none;
}

}  // namespace orc
