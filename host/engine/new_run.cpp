#include "engine/new_run.h"

#include "engine/change_of_run.h"
#include "engine/no_outputs.h"
#include "engine/turn.h"

namespace orc {

Result<BornRun> MakeRun(NewRun new_run, std::shared_ptr<const Definition> definition, int64_t now_us, const Birth& birth, Store& store,
                        Definitions& definitions) {
  BornRun born;
  born.slot = std::make_unique<RunSlot>();
  RunSlot& slot = *born.slot;
  slot.run.identity = std::move(new_run.identity);
  slot.run.context = new_run.context ? std::move(new_run.context) : std::make_shared<const Json>(JsonObject{});
  slot.id = slot.run.identity.id;
  slot.batch.emplace();
  BuildIndex(*definition, slot.run);
  const NoOutputs outputs;
  Turn turn(*definition, slot.run, {store, definitions, outputs, now_us, born.change, *slot.batch});
  const Result<Turn::Taken> taken = turn.Take(birth.event);
  if (!taken.ok()) return taken.error();
  turn.CancelOthers(birth.to_cancel);
  AddNewRun(slot.run, born.change);
  if (new_run.idempotency) {
    if (new_run.render) new_run.idempotency->body = new_run.render(slot.run, *definition);
    born.change.idempotency.push_back(*std::move(new_run.idempotency));
  }
  if (new_run.schedule) born.change.schedule_advances.push_back(*std::move(new_run.schedule));
  slot.definition = std::move(definition);
  slot.loaded = slot.attached = slot.committing = slot.is_new = true;
  slot.batch->target_revision = slot.run.progress.revision;
  slot.batch->snapshot = std::make_shared<const Run>(slot.run);
  return born;
}

}  // namespace orc
