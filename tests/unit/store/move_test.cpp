// Databases that move from one kind to the other, and migrations without a server.
#include "store/move.h"

#include <fstream>

#include "store/postgres_session.h"
#include "store/schema_state.h"
#include "store/sqlite_session.h"
#include "store/sqlite_store.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

class MoveTest : public ::testing::Test {
 protected:
  static void Fill(Store& store) {
    std::vector<Change> changes;
    for (int i = 0; i < 1200; ++i) {  // more than two pages
      const std::string id = "run_" + std::to_string(10'000 + i);
      Change change = NewRun(MakeRun(id, 1000 + i, i % 3 == 0 ? RunStatus::kRunning : RunStatus::kSucceeded));
      change.steps = {MakeStep(id, 0, StepStatus::kSucceeded), MakeStep(id, 1, StepStatus::kFailed)};
      change.steps[1].state.error = StepError{"x", "a\nb \"c\" \xc3\xa9", true, R"({"n":18446744073709551616})"};
      change.documents = {MakeDocument(id, Document::Kind::kOutput, 0, R"(["\u0000", 1.0, 1e400])"),
                          MakeDocument(id, Document::Kind::kContext, -1, "{}")};
      change.events = {MakeEvent(id, 1), MakeEvent(id, 2)};
      change.logs = {MakeLog(id, "")};
      if (i % 4 == 0) {
        change.new_runs[0].identity.limit_key = "wf_1:\xc3\xa9";
        change.new_runs[0].identity.schedule_id = "sch_1";
        change.new_runs[0].identity.scheduled_us = 900 + i;
        change.mail = {{id, "run_10000", RunMail::Kind::kEnded, 3, 7, 1}, {"run_10000", id, RunMail::Kind::kCancel, 0, -1, 2}};
      }
      changes.push_back(std::move(change));
    }
    changes[0].documents.push_back(MakeDocument("run_10000", Document::Kind::kOutput, 7, std::string(3u << 20, 'x')));
    ASSERT_OK(CommitAll(store, changes));
    Change rest;
    rest.new_workflows = {MakeWorkflow("wf_1"), MakeWorkflow("wf_2")};
    rest.new_versions = {{"wfver_1", "wf_1", 1, "{}", 1}};
    rest.new_templates = {MakeTemplate("tpl_1")};
    rest.idempotency = {{"POST /v1/runs", "k", "h", 201, "l", "b", 1}, {"POST /v1/runs", "", "h", 201, "l", "b", 1}};
    rest.hook_cursors = {{"h", 2390}};
    rest.schedule_sets = {{"wf_1", {MakeSchedule("sch_1", "every \"morning\" \xc3\xa9"), MakeSchedule("sch_2", "paused")}},
                          {"wf_2", {MakeSchedule("sch_3", "gone", "wf_2")}}};
    rest.deleted_runs = {"run_11199", "run_10001"};  // the last event of the first is the last of all, and one of the hook's
    ASSERT_OK(CommitAll(store, {rest}));
    Change moved;
    moved.schedule_sets = {{"wf_2", {}}};
    moved.schedule_pauses = {{"sch_2", true, 0}};
    moved.schedule_advances = {{"sch_1", 1, {6000, 100, 200, 400, 5000, "run_10000", 3, 4000, 3000}}};
    ASSERT_OK(CommitAll(store, {moved}));
  }

  /// What the engine finds its work by, and the schedules.
  static std::string Upkeep(Store& store) {
    std::string text;
    for (const char* id : {"sch_1", "sch_2", "sch_3"}) text += Describe(Must(store.GetSchedule(id))) + "\n";
    for (const RunMail& mail : Must(store.ListMail(nullptr, 10'000))) {
      text += mail.to + "<" + mail.from + std::to_string(static_cast<int>(mail.kind)) + "/" + std::to_string(mail.attempt) + "@" +
              std::to_string(mail.step) + "." + std::to_string(mail.item) + " ";
    }
    for (const orc::Run& run : Must(store.ListLimitedRuns(0, "", 10'000))) text += Describe(run.identity) + "\n";
    for (const auto& [id, status] : Must(store.ListLiveRunsOfSchedule("sch_1", 10'000))) text += id + std::string(ToText(status)) + " ";
    return text;
  }

  std::map<std::string, std::string> MoveFrom(std::unique_ptr<MoveSide> source, std::unique_ptr<MoveSide> target) {
    std::map<std::string, std::string> digests;
    EXPECT_OK(Move(*source, *target,
                   [&](const MovedReport& report) { digests[report.table] = std::to_string(report.rows) + " " + report.digest; }));
    return digests;
  }

  std::string File(const std::string& name) const { return folder_.File(name); }
  TempFolder folder_;
  PostgresOptions postgres_ = PostgresOptionsFor(PostgresServer::Shared());
};

TEST_F(MoveTest, BothSchemasHoldTheSameTablesAndColumns) {
  const auto sqlite = Must(Must(OpenSqliteSide(File("a.db"), false))->Tables());
  const auto postgres = Must(Must(OpenPostgresSide(postgres_, false))->Tables());
  const auto lines = [](const std::vector<MovedTable>& tables) {
    std::string text;
    for (const MovedTable& table : tables) {
      for (const MovedColumn& column : table.columns) text += table.name + "." + column.name + (column.is_number ? " number\n" : " text\n");
    }
    return text;
  };
  EXPECT_EQ(lines(sqlite), lines(postgres)) << "a migration of one database has its like for the other";
  for (const MovedTable& table : postgres) EXPECT_FALSE(table.key.empty()) << table.name;
}

TEST_F(MoveTest, EverythingArrivesAndComesBack) {
  int64_t last = 0;
  {
    const std::unique_ptr<Store> store = Must(OpenSqliteStore(File("a.db")));
    Fill(*store);
    last = Must(store->LastEventId());
  }
  const auto there = MoveFrom(Must(OpenSqliteSide(File("a.db"), true)), Must(OpenPostgresSide(postgres_, false)));
  EXPECT_EQ(there.size(), 13u);
  EXPECT_TRUE(there.at("runs").starts_with("1198 ")) << there.at("runs");
  EXPECT_TRUE(there.at("run_documents").starts_with("2397 ")) << there.at("run_documents");
  EXPECT_TRUE(there.at("run_mail").starts_with("600 ")) << there.at("run_mail");
  EXPECT_TRUE(there.at("schedules").starts_with("3 ")) << there.at("schedules");
  const auto back = MoveFrom(Must(OpenPostgresSide(postgres_, true)), Must(OpenSqliteSide(File("b.db"), false)));
  EXPECT_EQ(there, back);
  const std::unique_ptr<Store> one = Must(OpenSqliteStore(File("a.db"))), two = Must(OpenSqliteStore(File("b.db")));
  const std::unique_ptr<Store> three = Must(OpenPostgresStore(postgres_, TestClock()));
  for (Store* store : {one.get(), two.get(), three.get()}) {
    EXPECT_EQ(Describe(Must(store->GetRun("run_10003"))), Describe(Must(one->GetRun("run_10003"))));
    EXPECT_EQ(Upkeep(*store), Upkeep(*one));
    EXPECT_EQ(Must(store->LastEventId()), last);
    Change change;
    change.events = {MakeEvent("run_10000", 3)};
    ASSERT_OK(CommitAll(*store, {change}));
    EXPECT_EQ(Must(store->ReadEvents("", last, 10)).size(), 1u) << "an id that was given out is not given out again";
  }
}

TEST_F(MoveTest, WhatCanNotGoWellIsRefused) {
  EXPECT_FAILS(OpenSqliteSide(File("none.db"), true), ErrorCode::kUnavailable);
  std::unique_ptr<Store> store = Must(OpenSqliteStore(File("a.db")));
  Fill(*store);
  const auto used = OpenSqliteSide(File("a.db"), true);
  ASSERT_FALSE(used.ok());
  EXPECT_NE(used.error().message.find("in use by process"), std::string::npos) << used.error().message;
  store.reset();

  const std::unique_ptr<MoveSide> source = Must(OpenSqliteSide(File("a.db"), true));
  const auto refused = [&](MoveSide& target) {
    const Result<void> moved = Move(*source, target, [](const MovedReport&) {});
    return moved.ok() ? "it was moved" : moved.error().message;
  };
  store = Must(OpenPostgresStore(postgres_, TestClock()));
  const auto held = OpenPostgresSide(postgres_, false);
  ASSERT_FALSE(held.ok());
  EXPECT_NE(held.error().message.find("a server works on it"), std::string::npos) << held.error().message;
  ASSERT_OK(CommitAll(*store, {NewRun(MakeRun("run_1"))}));
  store.reset();
  EXPECT_NE(refused(*Must(OpenPostgresSide(postgres_, false))).find("it has rows in runs"), std::string::npos);
}

TEST_F(MoveTest, WhatComesOutOtherwiseIsNotKept) {
  Fill(*Must(OpenSqliteStore(File("a.db"))));
  std::unique_ptr<MoveSide> target = Must(OpenPostgresSide(postgres_, false));
  PostgresSession session(postgres_.dsn.ToConninfo(), 10'000);
  ASSERT_OK(session.Connect());
  ASSERT_OK(
      session.Execute("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                      "IF NEW.id = 'run_10777' THEN NEW.error := 'x'; END IF; RETURN NEW; END $$; "
                      "CREATE TRIGGER spoil BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION spoil()"));
  const Result<void> moved = Move(*Must(OpenSqliteSide(File("a.db"), true)), *target, [](const MovedReport&) {});
  ASSERT_FALSE(moved.ok());
  EXPECT_NE(moved.error().message.find("the table runs came out otherwise than it went in"), std::string::npos) << moved.error().message;
  target.reset();
  EXPECT_EQ(Must(session.Execute("SELECT count(*) FROM run_documents")).first().Int(0), 0);
}

TEST_F(MoveTest, SchemasAreReadAndBroughtOn) {
  EXPECT_EQ(Must(ReadSqliteSchema(File("c.db"))).pending.size(), KnownMigrations().size());
  EXPECT_FALSE(std::filesystem::exists(File("c.db"))) << "a look makes nothing";
  ASSERT_OK(MigrateSqliteSchema(File("c.db"), 1));
  EXPECT_EQ(Must(ReadSqliteSchema(File("c.db"))).applied.size(), 1u);
  const auto source = OpenSqliteSide(File("c.db"), true);
  ASSERT_FALSE(source.ok());
  EXPECT_NE(source.error().message.find("run orchestrator migrate on it first"), std::string::npos) << source.error().message;
  EXPECT_FAILS(MigrateSqliteSchema(File("c.db"), 9999), ErrorCode::kInvalid);
  ASSERT_OK(MigrateSqliteSchema(File("c.db"), 0));
  EXPECT_FAILS(MigrateSqliteSchema(File("c.db"), 1), ErrorCode::kInvalid);
  EXPECT_TRUE(Must(ReadSqliteSchema(File("c.db"))).pending.empty());

  EXPECT_EQ(Must(ReadPostgresSchema(postgres_)).pending.size(), KnownPostgresMigrations().size());
  EXPECT_FAILS(MigratePostgresSchema(postgres_, 9999), ErrorCode::kInvalid);
  ASSERT_OK(MigratePostgresSchema(postgres_, 1));
  EXPECT_EQ(Must(ReadPostgresSchema(postgres_)).applied.front().name, "0001_initial");
}

}  // namespace
}  // namespace orc::test
