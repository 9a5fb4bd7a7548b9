// How fast a store commits typical step changes, singly and in batches, and what a change costs in CPU.
//   store_bench [FOLDER|URL [BATCH]]     (default: the current folder, whose disk is measured, and all three batch sizes)
// FOLDER: SQLite there. URL: postgres://…, with a schema that may be filled; the CPU is the client's alone.
// A change is what the end of one step and the begin of the next write: 1 run update, 2 step rows, 1 document of 300 bytes, 2 events.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace orc {
namespace {

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string RunId(size_t number) {
  char id[64];
  std::snprintf(id, sizeof id, "run_0193562f8a7c7%03zx8%015zx", number % 4096, number);
  return id;
}

Change Creation(size_t number, int64_t now_us) {
  Change change;
  Run run;
  run.identity = {RunId(number), "wf_0193562f8a7c70008000000000000001", 1, now_us, "local", "{}", false};
  run.progress.updated_us = now_us;
  change.new_runs.push_back(std::move(run));
  change.documents.push_back({RunId(number), {Document::Kind::kContext, -1, -1, R"({"project_id":"default"})"}});
  return change;
}

/// The `step`-th change of a run: that step ends, the next one begins.
Change StepChange(size_t number, uint32_t step, int64_t now_us) {
  static const std::string output = "{\"body\":\"" + std::string(289, 'x') + "\"}";
  std::string id = RunId(number);
  Change change;
  RunUpdate update{.id = id, .expected_revision = step, .progress = {}};
  update.progress.status = RunStatus::kRunning;
  update.progress.revision = step + 1;
  update.progress.next_step = step;
  update.progress.updated_us = now_us;
  update.progress.wake_us = now_us + 30'000'000;
  change.run_updates.push_back(std::move(update));
  for (uint32_t i = 0; i < 2; ++i) {
    StepState state;
    state.step = step + i;
    state.status = i == 0 ? StepStatus::kSucceeded : StepStatus::kRunning;
    state.tries = 1;
    state.started_us = now_us;
    state.finished_us = i == 0 ? now_us : 0;
    state.http_code = i == 0 ? 200 : 0;
    change.steps.push_back({id, state});
    std::string payload =
        R"({"status":"RUNNING","step_id":"step_0193562f8a7c70008000000000000001","step_name":"call","step_action":"http"})";
    change.events.push_back(
        {0, id, "wf_0193562f8a7c70008000000000000001", {2 * step + i, now_us, "step.succeeded", static_cast<int32_t>(step), -1, payload}});
  }
  change.documents.push_back({id, {Document::Kind::kOutput, static_cast<int32_t>(step), -1, output}});
  return change;
}

void Must(const Result<void>& result) {
  if (result.ok()) return;
  std::fprintf(stderr, "store_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

void CommitSlice(Store& store, const std::vector<Change>& changes, size_t begin, size_t end) {
  std::vector<const Change*> batch;
  for (size_t i = begin; i < end; ++i) batch.push_back(&changes[i]);
  Must(store.Commit(batch));
}

constexpr const char* kFiles[] = {"/store_bench.db", "/store_bench.db-wal", "/store_bench.db-shm", "/store_bench.db.lock"};

Result<std::unique_ptr<Store>> Open(const std::string& place) {
  static const SystemClock clock;
  if (!PostgresDsn::IsOne(place)) return OpenSqliteStore(place + kFiles[0]);
  ORC_ASSIGN_OR_RETURN(PostgresDsn dsn, PostgresDsn::Parse(place));
  return OpenPostgresStore({.dsn = std::move(dsn)}, clock);
}

void RemoveFiles(const std::string& folder) {
  for (const char* file : kFiles) std::filesystem::remove(folder + file);
}

/// `batch` runs at a time go through `steps` changes each.
void Measure(const std::string& folder, size_t batch, size_t commits) {
  RemoveFiles(folder);
  Result<std::unique_ptr<Store>> store = Open(folder);
  if (!store.ok()) Must(store.error());
  static size_t first = static_cast<size_t>(std::time(nullptr)) << 24;  // a PostgreSQL schema keeps the runs of the last time
  constexpr uint32_t kSteps = 4;
  double wall = 0, cpu = 0;
  int64_t now_us = 1'700'000'000'000'000;
  for (size_t group = 0; group < commits / kSteps; ++group) {
    std::vector<Change> creations;
    for (size_t i = 0; i < batch; ++i) creations.push_back(Creation(first + group * batch + i, ++now_us));
    CommitSlice(**store, creations, 0, creations.size());
    for (uint32_t step = 0; step < kSteps; ++step) {
      std::vector<Change> changes;
      for (size_t i = 0; i < batch; ++i) changes.push_back(StepChange(first + group * batch + i, step, ++now_us));
      double wall_before = Seconds(CLOCK_MONOTONIC), cpu_before = Seconds(CLOCK_THREAD_CPUTIME_ID);
      CommitSlice(**store, changes, 0, changes.size());
      wall += Seconds(CLOCK_MONOTONIC) - wall_before;
      cpu += Seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
    }
  }
  double done = static_cast<double>(commits / kSteps * kSteps);
  double changes = done * static_cast<double>(batch);
  std::printf("%6zu  %10.0f  %10.0f  %14.1f  %14.1f\n", batch, done / wall, changes / wall, cpu / changes * 1e6, wall / done * 1e6);
  first += commits * batch;
  store->reset();
  RemoveFiles(folder);
}

/// What the disk alone allows: a page appended and synced.
void MeasureSync(const std::string& folder) {
  std::string file = folder + "/store_bench.sync";
  int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (descriptor < 0) Must(Error{ErrorCode::kUnavailable, "cannot write to " + folder});
  const std::string page(4096, 'x');
  constexpr int kTimes = 500;
  double before = Seconds(CLOCK_MONOTONIC);
  for (int i = 0; i < kTimes; ++i) {
    if (write(descriptor, page.data(), page.size()) < 0 || fdatasync(descriptor) != 0) Must(Error{ErrorCode::kUnavailable, "cannot sync"});
  }
  std::printf("fdatasync of one more page: %.1f us\n", (Seconds(CLOCK_MONOTONIC) - before) / kTimes * 1e6);
  close(descriptor);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace orc

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : ".";
  if (!orc::PostgresDsn::IsOne(folder)) orc::MeasureSync(folder);
  std::printf("%6s  %10s  %10s  %14s  %14s\n", "batch", "commits/s", "changes/s", "CPU us/change", "us/commit");
  const size_t only = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  for (const auto& [batch, commits] : {std::pair<size_t, size_t>{1, 4000}, {20, 2000}, {200, 400}}) {
    if (only == 0 || only == batch) orc::Measure(folder, batch, commits);
  }
  return 0;
}
