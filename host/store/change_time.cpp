#include "store/change_time.h"

namespace orc {

int64_t ChangeTimeOf(const Change& change, const StepRow& row) {
  for (const RunUpdate& update : change.run_updates) {
    if (update.id == row.run_id) return update.progress.updated_us;
  }
  for (const Run& run : change.new_runs) {
    if (run.identity.id == row.run_id) return run.progress.updated_us;
  }
  return row.state.started_us;
}

}  // namespace orc
