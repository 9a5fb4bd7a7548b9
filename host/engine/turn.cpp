#include "engine/turn.h"

#include "engine/change_of_run.h"
#include "engine/find_workflow.h"
#include "engine/run_admission.h"

namespace orc {

Result<Turn::Taken> Turn::Take(const Event& event, const OnDecided& on_decided) {
  Taken taken;
  ORC_RETURN_IF_ERROR(TakeOne(event, on_decided, taken));
  while (!follow_.empty()) {
    const Event next = std::move(follow_.front());
    follow_.pop_front();
    ORC_RETURN_IF_ERROR(TakeOne(next, on_decided, taken));
  }
  return taken;
}

Result<void> Turn::TakeOne(const Event& event, const OnDecided& on_decided, Taken& taken) {
  Decision decision = Decide(definition_, run_, parts_.outputs, event, parts_.now_us);
  if (parts_.outputs.IsBroken()) return Error{ErrorCode::kUnavailable, "what the run has done so far cannot be read"};
  if (decision.refused) taken.refused = std::move(decision.refused);
  if (!decision.changed) return {};
  taken.changed = true;
  const bool was_over = IsTerminal(run_.progress.status);
  Apply(definition_, decision, run_);
  if (on_decided) on_decided(decision);
  AddDecision(run_.identity, decision, parts_.now_us, parts_.change);
  TakeCommands(decision.commands);
  ORC_RETURN_IF_ERROR(StartRuns(decision.runs));
  const ParentStep& parent = run_.identity.parent;
  if (!was_over && IsTerminal(run_.progress.status) && !parent.run_id.empty()) {
    Send({.to = parent.run_id, .kind = RunMail::Kind::kEnded, .step = parent.step, .item = parent.item});
  }
  return {};
}

void Turn::CancelOthers(const std::vector<std::string>& run_ids) {
  for (const std::string& run_id : run_ids) Send({.to = run_id, .kind = RunMail::Kind::kCancel});
}

void Turn::Send(RunMail mail) {
  mail.from = run_.identity.id;
  mail.attempt = run_.progress.attempt;
  parts_.change.mail.push_back(mail);
  parts_.batch.mail.push_back(std::move(mail));
}

void Turn::TakeCommands(std::vector<Command>& commands) {
  for (Command& command : commands) {
    if (command.kind == Command::Kind::kCancelRun) {
      Send({.to = command.run_id, .kind = command.force ? RunMail::Kind::kForceCancel : RunMail::Kind::kCancel});
    } else {
      parts_.batch.commands.push_back(std::move(command));
    }
  }
}

Result<void> Turn::StartRuns(const std::vector<RunRequest>& requests) {
  for (const RunRequest& request : requests) {
    const Result<Run> made = MakeRun(request);
    if (made.ok()) {
      AddNewRun(*made, parts_.change);
      parts_.batch.born.push_back(made->identity.id);
      continue;
    }
    if (made.error().code == ErrorCode::kUnavailable) return made.error();
    if (!request.parent.run_id.empty()) {
      follow_.push_back(NotStarted(request, made.error()));
      continue;
    }
    parts_.change.logs.push_back(
        {.run_id = run_.identity.id,
         .at_us = parts_.now_us,
         .level = "error",
         .source = "engine",
         .text = "on_failure: the workflow \"" + request.workflow + "\" was not started: " + made.error().message});
  }
  return {};
}

/// PENDING: its own loop begins it once it is on the disk.
Result<Run> Turn::MakeRun(const RunRequest& request) const {
  if (run_.identity.depth >= kMaxRunDepth) {
    return Error{ErrorCode::kConflict, "workflows start each other " + std::to_string(kMaxRunDepth) + " deep at most"};
  }
  ORC_ASSIGN_OR_RETURN(WorkflowRow row, FindWorkflow(parts_.store, request.workflow));
  if (row.archived) return Error{ErrorCode::kConflict, "workflow " + row.id + " is archived"};
  if (request.version > 0) row.version = request.version;
  auto definition = parts_.definitions.Get(row.id, row.version);
  if (!definition.ok()) return std::move(definition).error();
  ORC_ASSIGN_OR_RETURN(Json context, ParseJson(request.context));
  Run run;
  run.identity.id = request.run_id;
  run.identity.workflow_id = row.id;
  run.identity.workflow_version = row.version;
  run.identity.created_us = parts_.now_us;
  run.identity.created_by = "run:" + run_.identity.id;
  run.identity.labels = MergeLabels(**definition, nullptr);
  run.identity.approve_every_step = run_.identity.approve_every_step;
  run.identity.parent = {request.parent.run_id, request.parent.step, request.parent.item};
  run.identity.depth = run_.identity.depth + 1;
  run.context = std::make_shared<const Json>(std::move(context));
  ORC_RETURN_IF_ERROR(AdmitRun(**definition, run.identity, run.context, parts_.now_us));
  const std::string& key = run.identity.limit_key;
  if (!request.parent.run_id.empty() && !key.empty() && key == run_.identity.limit_key && (*definition)->limit.limit == 1) {
    return Error{ErrorCode::kConflict, "it would wait for ever for the place under its limit that the run which waits for it holds"};
  }
  return run;
}

Event Turn::NotStarted(const RunRequest& request, const Error& error) {
  ChildEnded ended{.step = request.parent.step_key(), .run_id = request.run_id};
  ended.was_made = false;
  ended.result.outcome = AttemptFinished::Outcome::kFailed;
  ended.result.error = {"input_invalid", "the workflow \"" + request.workflow + "\" was not started: " + error.message, false, ""};
  return ended;
}

}  // namespace orc
