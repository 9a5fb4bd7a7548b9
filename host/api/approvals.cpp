#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_run.h"

namespace orc {

Answer ListApprovals(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ORC_ASSIGN_OR_RETURN(const PageOf<PendingApproval> pending, call.parts().store.ListApprovals(page));
  ListWriter list;
  for (const PendingApproval& gate : pending.items) {
    JsonWriter& item = list.items();
    item.BeginObject().Field("run_id", gate.run_id).Field("workflow_id", gate.workflow_id);
    item.Field("workflow_version", static_cast<int64_t>(gate.workflow_version));
    const auto definition = call.parts().definitions.Get(gate.workflow_id, gate.workflow_version);
    if (definition.ok() && gate.step < (*definition)->steps.size()) {
      const StepDefinition& step = (*definition)->steps[gate.step];
      item.Field("workflow_name", (*definition)->name).Field("step_id", step.id).Field("step_name", step.name);
      item.Field("step_action", step.action);
      WriteGate(item, step);
      if (step.gate && step.gate->message) {
        ORC_ASSIGN_OR_RETURN(const auto message,
                             call.parts().store.GetDocument(gate.run_id, Document::Kind::kMessage, static_cast<int32_t>(gate.step), -1));
        item.FieldRaw("message", message ? std::string_view(*message) : "null");
      }
    }
    WriteTime(item, "since", gate.since_us);
    item.EndObject();
  }
  return list.Finish(pending.next_cursor);
}

}  // namespace orc
