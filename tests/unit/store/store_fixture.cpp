#include "unit/store/store_fixture.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "store/memory_store.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace orc::test {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "orc-store-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const Clock& TestClock() {
  static const SystemClock clock;
  return clock;
}

PostgresOptions PostgresOptionsFor(PostgresServer& server) {
  static const Result<void> quiet = InitLog({.level = LogLevel::kError});  // each opening warns that this server has fsync off
  return {.dsn = Must(PostgresDsn::Parse(server.Url(server.NewSchema()))), .pool_size = 4};
}

std::unique_ptr<Store> MakeStore(const std::string& kind, const TempFolder& folder) {
  if (kind == "memory") return MakeMemoryStore();
  if (kind == "postgres") return Must(OpenPostgresStore(PostgresOptionsFor(PostgresServer::Shared()), TestClock()));
  return Must(OpenSqliteStore(folder.File("state.db")));
}

void StoreTest::SetUp() { store_ = MakeStore(GetParam(), folder_); }

Result<void> StoreTest::Commit(std::initializer_list<Change> changes) { return CommitAll(*store_, std::vector<Change>(changes)); }

Result<void> CommitAll(Store& store, const std::vector<Change>& changes) {
  std::vector<const Change*> pointers;
  for (const Change& change : changes) pointers.push_back(&change);
  return store.Commit(pointers);
}

WorkflowRow MakeWorkflow(const std::string& id, int64_t created_us) {
  return {.id = id,
          .key = "key-" + id,
          .name = "name of " + id,
          .description = "what it does",
          .version = 3,
          .archived = false,
          .created_us = created_us,
          .updated_us = created_us + 1};
}

TemplateRow MakeTemplate(const std::string& id, int64_t created_us) {
  return {id, "name of " + id, "what it is for", R"({"steps":[]})", created_us, created_us + 1};
}

Run MakeRun(const std::string& id, int64_t created_us, RunStatus status) {
  Run run;
  run.identity = {.id = id,
                  .workflow_id = "wf_1",
                  .workflow_version = 2,
                  .created_us = created_us,
                  .created_by = "ann",
                  .labels = R"({"env":"test","team":"a b"})",
                  .approve_every_step = true};
  run.progress.status = status;
  run.progress.revision = 1;
  run.progress.updated_us = created_us;
  run.context = std::make_shared<const Json>(JsonObject());
  return run;
}

RunUpdate MakeUpdate(const Run& run, RunStatus status, int64_t now_us) {
  RunUpdate update{.id = run.identity.id, .expected_revision = run.progress.revision, .progress = run.progress};
  update.progress.revision += 1;
  update.progress.status = status;
  update.progress.updated_us = now_us;
  return update;
}

StepRow MakeStep(const std::string& run_id, uint32_t step, StepStatus status) {
  StepState state;
  state.step = step;
  state.status = status;
  state.tries = 1;
  state.started_us = 1500;
  return {run_id, state};
}

DocumentRow MakeDocument(const std::string& run_id, Document::Kind kind, int32_t step, const std::string& text) {
  return {run_id, {kind, step, -1, text}};
}

EventRow MakeEvent(const std::string& run_id, int64_t number, const std::string& type) {
  return {0, run_id, "wf_1", {number, 5000 + number, type, 2, 4, R"({"n":)" + std::to_string(number) + "}"}};
}

LogRow MakeLog(const std::string& run_id, const std::string& text) { return {0, run_id, 7000, 3, 2, "warn", "http", text}; }

ScheduleRow MakeSchedule(const std::string& id, const std::string& name, const std::string& workflow_id) {
  ScheduleRow row;
  row.id = id;
  row.workflow_id = workflow_id;
  row.name = name;
  row.created_us = 1000;
  row.workflow_version = 3;
  row.cron = "0 9 * * *";
  row.timezone = "Europe/Berlin";
  row.overlap = ScheduleOverlap::kQueue;
  row.catch_up = ScheduleCatchUp::kLast;
  row.context = R"({"a":1.0})";
  row.progress.next_us = 5000;
  return row;
}

Change NewRun(const Run& run) {
  Change change;
  change.new_runs.push_back(run);
  return change;
}

Change Update(const RunUpdate& update) {
  Change change;
  change.run_updates.push_back(update);
  return change;
}

}  // namespace orc::test
