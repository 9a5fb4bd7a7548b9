#include <algorithm>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/render_run.h"
#include "api/run_answers.h"
#include "api/workflow_lookup.h"
#include "engine/run_admission.h"

namespace orc {
namespace {

/// What the client asked for, checked.
struct Wish {
  NewRun run;
  std::vector<Problem> warnings;
};

/// Null when there are none.
const JsonObject* ReadLabels(BodyFields& fields) {
  const Json* labels = fields.Object("labels");
  if (labels == nullptr) return nullptr;
  for (const auto& member : labels->as_object()) {
    if (member.value().is_string()) continue;
    fields.Problem("labels", "the label \"" + std::string(member.key()) + "\" is " + DescribeJson(member.value()) + ", expected a string");
  }
  return &labels->as_object();
}

std::string ReadWorkflowName(BodyFields& fields) {
  std::string name = fields.Text("workflow_id");
  if (name.empty()) name = fields.Text("workflow");
  if (name.empty()) fields.Missing("workflow_id", "expected the id or the key of a workflow");
  return name;
}

Result<std::shared_ptr<const Definition>> PickVersion(const ApiParts& parts, BodyFields& fields, std::optional<int64_t> version,
                                                      WorkflowRow& row) {
  if (version) row.version = static_cast<int32_t>(*version);
  auto definition = parts.definitions.Get(row.id, row.version);
  if (definition.ok() || definition.error().code != ErrorCode::kNotFound || !version) return definition;
  fields.Problem("version", "workflow " + row.id + " has no version " + std::to_string(*version));
  return fields.Verdict().error();
}

Result<Wish> ReadWish(const Call& call) {
  const ApiParts& parts = call.parts();
  ORC_ASSIGN_OR_RETURN(const Json body, ReadJsonBody(call.request()));
  BodyFields fields(body, {"workflow_id", "workflow", "context", "labels", "version"});
  const std::string name = ReadWorkflowName(fields);
  const Json* context = fields.Object("context");
  const JsonObject* labels = ReadLabels(fields);
  const std::optional<int64_t> version = fields.Int("version", 1, INT32_MAX);
  ORC_RETURN_IF_ERROR(fields.Verdict());
  ORC_ASSIGN_OR_RETURN(WorkflowRow row, FindWorkflow(parts, name));
  if (row.archived) return Error{ErrorCode::kConflict, "workflow " + row.id + " is archived"};
  ORC_ASSIGN_OR_RETURN(const std::shared_ptr<const Definition> definition, PickVersion(parts, fields, version, row));
  Wish wish;
  RunIdentity& identity = wish.run.identity;
  identity.labels = MergeLabels(*definition, labels);
  identity.id = parts.ids.New(kRunPrefix);
  identity.workflow_id = row.id;
  identity.workflow_version = row.version;
  identity.created_us = parts.clock.NowUs();
  identity.created_by = "local";
  identity.approve_every_step = call.context->options.require_approval;
  wish.run.context = std::make_shared<const Json>(context ? *context : Json(JsonObject()));
  wish.warnings = fields.warnings();
  return wish;
}

std::string RenderNew(const Run& run, const std::shared_ptr<const Definition>& definition, const std::vector<Problem>& warnings) {
  const std::shared_ptr<const Run> borrowed(std::shared_ptr<const Run>(), &run);
  RunView view;
  view.run = borrowed;
  view.definition = definition;
  return RenderRun(view, warnings);
}

/// Sends the run as it was just committed. On an engine or committer thread: reads nothing.
void SendCreated(const ContextPtr& context, const CompletionPtr& completion, const RunSnapshot& snapshot, const RunAnswer& shape) {
  const auto& steps = snapshot.run->steps;
  // What a step did in the very commit that made the run is on the disk: the output of one that the core carries out itself, the message of
  // a gate.
  const auto has_documents = [](const StepState& state) { return state.finished_us > 0 || state.status == StepStatus::kWaitingApproval; };
  if (std::any_of(steps.begin(), steps.end(), [&](const auto& entry) { return has_documents(entry.second); })) {
    return SendRunLater(context, completion, snapshot.run->identity.id, shape);
  }
  completion->Send(JsonResponse(shape.status, RenderNew(*snapshot.run, snapshot.definition, shape.warnings))
                       .With("Location", "/v1/runs/" + snapshot.run->identity.id));
}

/// What was answered is the run as it began; who waits for its end gets the end this time too.
Answer Replay(const Call& call, Response first, int64_t wait_us) {
  constexpr std::string_view kPath = "/v1/runs/";
  for (const auto& [name, value] : first.headers) {
    if (wait_us == 0 || name != "Location" || !value.starts_with(kPath)) continue;
    const std::string run_id = value.substr(kPath.size());
    const RunAnswer shape{.status = 201, .with_location = true, .is_replay = true};
    if (call.parts().store.GetRunProgress(run_id).ok()) return ShowRunAtItsEnd(call, run_id, wait_us, shape);
  }
  return first;
}

}  // namespace

Answer CreateRun(Call& call) {
  ORC_ASSIGN_OR_RETURN(const int64_t wait_us, ReadWait(call.query));
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return Replay(call, std::move(*verdict.replay), wait_us);
  ORC_ASSIGN_OR_RETURN(Wish wish, ReadWish(call));
  const std::string id = wish.run.identity.id;
  const RunAnswer shape{201, true, wish.warnings, verdict.claim};
  if (verdict.claim) {
    wish.run.idempotency = verdict.claim->RowFor(JsonResponse(201, "").With("Location", "/v1/runs/" + id), wish.run.identity.created_us);
    wish.run.render = [warnings = wish.warnings](const Run& run, const Definition& definition) {
      return RenderNew(run, std::shared_ptr<const Definition>(std::shared_ptr<const Definition>(), &definition), warnings);
    };
  }
  const ContextPtr context = call.context;
  const CompletionPtr completion = call.completion;
  if (wait_us == 0) {
    context->parts.engine.CreateRun(std::move(wish.run), [context, completion, shape](Result<RunSnapshot> made) {
      if (shape.claim) shape.claim->Release();
      if (!made.ok()) return completion->Fail(made.error());
      SendCreated(context, completion, *made, shape);
    });
    return Pending{};
  }
  const auto wait = RunWait::Begin(context, completion, id, shape, /*exists=*/false);
  Pending pending = wait->Park(wait_us);
  context->parts.engine.CreateRun(std::move(wish.run), [wait](Result<RunSnapshot> made) {
    if (!made.ok()) return wait->Failed(made.error());
    wait->Created(IsTerminal(made->run->progress.status));
  });
  return pending;
}

}  // namespace orc
