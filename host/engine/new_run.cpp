#include "engine/new_run.h"

#include "engine/change_of_run.h"
#include "engine/slot_outputs.h"

namespace orc {

BornRun MakeRun(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us, Engine::Done done) {
  BornRun born;
  born.slot = std::make_unique<RunSlot>();
  RunSlot& slot = *born.slot;
  slot.run.identity = std::move(new_run.identity);
  slot.run.context = new_run.context ? std::move(new_run.context) : std::make_shared<const Json>(JsonObject{});
  slot.id = slot.run.identity.id;
  BuildIndex(*definition, slot.run);
  Decision decision = Decide(*definition, slot.run, NoOutputs{}, RunBegun{}, now_us);
  Apply(*definition, decision, slot.run);
  AddDecision(slot.run.identity, decision, now_us, born.change);
  AddNewRun(slot.run, born.change);
  if (new_run.idempotency) {
    if (new_run.render) new_run.idempotency->body = new_run.render(slot.run, *definition);
    born.change.idempotency.push_back(*std::move(new_run.idempotency));
  }
  if (new_run.schedule) born.change.schedule_advances.push_back(*std::move(new_run.schedule));
  slot.definition = std::move(definition);
  slot.loaded = slot.attached = slot.committing = slot.is_new = true;
  slot.batch.emplace();
  slot.batch->target_revision = slot.run.progress.revision;
  slot.batch->commands = std::move(decision.commands);
  slot.batch->snapshot = std::make_shared<const Run>(slot.run);
  slot.batch->answers.push_back({std::move(done), std::nullopt});
  return born;
}

}  // namespace orc
