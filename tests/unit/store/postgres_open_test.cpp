// Opening the PostgreSQL store: servers and databases that are no good, each with its own words; migrations; the lock.
#include <fcntl.h>

#include <fstream>
#include <thread>

#include "store/migrations.h"
#include "store/postgres_setup.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

class PostgresOpenTest : public ::testing::Test {
 protected:
  /// Options for the shared server with the parts of a URL that differ.
  PostgresOptions At(const std::string& user_and_host, const std::string& database_and_query) const {
    const std::string url = "postgres://" + user_and_host + ":" + std::to_string(server_.port()) + "/" + database_and_query;
    return {.dsn = Must(PostgresDsn::Parse(url)), .pool_size = 3, .connect_timeout_ms = 500};
  }
  std::string Refused(const PostgresOptions& options) {
    const Result<std::unique_ptr<Store>> store = OpenPostgresStore(options, TestClock());
    if (store.ok()) return "it was opened";
    EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(store.error().message.find("orchestrator:orchestrator"), std::string::npos) << store.error().message;
    return store.error().message;
  }
  void ExpectRefused(const PostgresOptions& options, const std::string& words) {
    const std::string message = Refused(options);
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_TRUE(message.starts_with("cannot use the database postgres://")) << message;
  }

  PostgresServer& server_ = PostgresServer::Shared();
  const std::string self_ = "orchestrator:orchestrator@127.0.0.1";
};

TEST_F(PostgresOpenTest, WhatIsWrongWithTheConnectionIsSaid) {
  ExpectRefused(At("orchestrator:wrong@127.0.0.1", "orchestrator"), "correct user and password in database.dsn");
  ExpectRefused(At("nobody:x@127.0.0.1", "orchestrator"), "correct user and password in database.dsn");
  ExpectRefused(At(self_, "nowhere"), "database \"nowhere\" does not exist; make that database");
  ExpectRefused(At(self_, "orchestrator?sslmode=require"), "turn it on there, or use sslmode=disable");
  ExpectRefused({.dsn = Must(PostgresDsn::Parse("postgres://u:p@127.0.0.1:1/d")), .connect_timeout_ms = 300}, "start PostgreSQL there");
  ExpectRefused({.dsn = Must(PostgresDsn::Parse("postgres://u:p@/d?host=/no/such/folder")), .connect_timeout_ms = 300},
                "correct the socket's folder");
  ExpectRefused({.dsn = Must(PostgresDsn::Parse("postgres://u:p@no-such-host.invalid/d")), .connect_timeout_ms = 300},
                "the host's name is not known");
}

TEST_F(PostgresOpenTest, WhatIsWrongWithTheDatabaseIsSaid) {
  ExpectRefused(At(self_, "orchestrator?options=-csearch_path%3Dnone"), "no schema of its search path (none) is there");
  server_.Run("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  ExpectRefused(At(self_, "ascii"), "its encoding is SQL_ASCII");
  server_.Run("CREATE ROLE poor LOGIN PASSWORD 'poor'");
  ExpectRefused(At("poor:poor@127.0.0.1", "orchestrator"), "permission denied for schema public (42501); grant this user");
  server_.Run("ALTER ROLE poor SET default_transaction_read_only = on");
  ExpectRefused(At("poor:poor@127.0.0.1", "orchestrator"), "it is read-only (default_transaction_read_only is on");
}

TEST_F(PostgresOpenTest, SpecialCharactersInEveryPlace) {
  server_.Run(R"(CREATE ROLE "us er@/'\" LOGIN PASSWORD 'p a''s\s/?#%w')");
  server_.Run(R"(CREATE DATABASE "my db/1'" OWNER "us er@/'\")");
  const PostgresOptions options = At("us%20er%40%2F%27%5C:p%20a%27s%5Cs%2F%3F%23%25w@127.0.0.1", "my%20db%2F1%27");
  std::unique_ptr<Store> store = Must(OpenPostgresStore(options, TestClock()));
  EXPECT_OK(CommitAll(*store, {NewRun(MakeRun("run_1"))}));
  EXPECT_OK(store->GetRun("run_1"));
}

TEST_F(PostgresOpenTest, ASchemaWhoseNameNeedsQuotes) {
  server_.Run(R"(CREATE SCHEMA "My ""own""")");
  const PostgresOptions options = At(self_, "orchestrator?options=-csearch_path%3D%22My%5C%20%22%22own%22%22%22");
  std::unique_ptr<Store> store = Must(OpenPostgresStore(options, TestClock()));
  EXPECT_OK(CommitAll(*store, {NewRun(MakeRun("run_1"))}));
  EXPECT_EQ(server_.Run(R"(SELECT count(*) FROM "My ""own""".runs)"), "1");
}

TEST_F(PostgresOpenTest, ASecondServerOnTheSameTablesIsRefusedWhileTheFirstLives) {
  PostgresOptions options = PostgresOptionsFor(server_);
  options.connect_timeout_ms = 300;
  std::unique_ptr<Store> first = Must(OpenPostgresStore(options, TestClock()));
  ExpectRefused(options, "another orchestrator server works on these tables");
  ASSERT_OK(CommitAll(*first, {NewRun(MakeRun("run_1"))}));
  first.reset();
  std::unique_ptr<Store> second = Must(OpenPostgresStore(options, TestClock()));
  EXPECT_OK(second->GetRun("run_1"));
}

TEST_F(PostgresOpenTest, AWriterThatLostItsPlaceToAnotherServerStaysOut) {
  PostgresOptions options = PostgresOptionsFor(server_);
  options.connect_timeout_ms = 300;
  std::unique_ptr<Store> first = Must(OpenPostgresStore(options, TestClock()));
  server_.Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orchestrator'");
  std::unique_ptr<Store> second = Must(OpenPostgresStore(options, TestClock()));
  for (int i = 0; i < 2; ++i) EXPECT_FAILS(CommitAll(*first, {NewRun(MakeRun("run_1"))}), ErrorCode::kUnavailable);
  EXPECT_OK(CommitAll(*second, {NewRun(MakeRun("run_1"))}));
  second.reset();
  EXPECT_OK(CommitAll(*first, {NewRun(MakeRun("run_2"))}));
}

TEST_F(PostgresOpenTest, CommitsWaitForTheDiskWhateverTheServersDefault) {
  const PostgresOptions options = PostgresOptionsFor(server_);
  for (const auto& [before, after] : {std::pair("off", "on"), {"local", "on"}, {"remote_write", "on"}, {"remote_apply", "remote_apply"}}) {
    server_.Run("ALTER ROLE orchestrator SET synchronous_commit = " + std::string(before));
    PostgresSession session(ConninfoOf(options), 10'000);
    ASSERT_OK(session.Connect());
    ASSERT_OK(SetUpSession(session, options));
    EXPECT_EQ(Must(session.Execute("SHOW synchronous_commit")).first().View(0), after);
  }
  server_.Run("ALTER ROLE orchestrator RESET synchronous_commit");
}

TEST_F(PostgresOpenTest, TablesOfAnotherProgramAreLeftAlone) {
  const PostgresOptions options = PostgresOptionsFor(server_);
  const std::string schema(options.dsn.Get("options").substr(options.dsn.Get("options").find('=') + 1));
  server_.Run("CREATE TABLE " + schema + ".runs (distance float)");
  ExpectRefused(options, "its schema holds tables of another program (runs)");
  server_.Run("DROP TABLE " + schema + ".runs; CREATE TABLE " + schema + ".schema_migrations (version bigint)");
  ExpectRefused(options, "its schema holds tables of another program (schema_migrations)");
  server_.Run("DROP TABLE " + schema + ".schema_migrations; CREATE TABLE " + schema + ".notes (text text)");
  EXPECT_OK(OpenPostgresStore(options, TestClock()));
  server_.Run("INSERT INTO " + schema + ".schema_migrations VALUES (9999, '9999_from_the_future', 'x', 0)");
  ExpectRefused(options, "its schema is newer than this release: it has migration 9999 (9999_from_the_future)");
  server_.Run("DELETE FROM " + schema + ".schema_migrations WHERE number = 9999; UPDATE " + schema +
              ".schema_migrations SET checksum = 'other' WHERE number = 1");
  ExpectRefused(options, "migration 1 (0001_initial) was applied with another text");
}

constexpr Migration kFirst{1, "0001_first", "CREATE TABLE a (x int); INSERT INTO a VALUES (1); SELECT pg_sleep(0.2);"};
constexpr Migration kSecond{2, "0002_second", "CREATE TABLE b (x int); INSERT INTO b SELECT x + 1 FROM a;"};
constexpr Migration kBroken{2, "0002_broken", "CREATE TABLE b (x int); INSERT INTO nowhere VALUES (1);"};

class PostgresMigrateTest : public ::testing::Test {
 protected:
  std::unique_ptr<PostgresSession> Connect() {
    auto session = std::make_unique<PostgresSession>(ConninfoOf(options_), 30'000);
    if (const auto connected = session->Connect(); !connected.ok()) throw std::runtime_error(connected.error().message);
    return session;
  }
  const PostgresOptions options_ = PostgresOptionsFor(PostgresServer::Shared());
};

TEST_F(PostgresMigrateTest, SeveralAtTheSameTimeApplyEachOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] { EXPECT_OK(MigratePostgres(*Connect(), std::array{kFirst, kSecond})); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::unique_ptr<PostgresSession> session = Connect();
  EXPECT_EQ(Must(session->Execute("SELECT string_agg(x::text, ',') FROM b")).first().View(0), "2");
  EXPECT_EQ(Must(session->Execute("SELECT string_agg(name, ',' ORDER BY number) FROM schema_migrations")).first().View(0),
            "0001_first,0002_second");
}

TEST_F(PostgresMigrateTest, AFailedOneLeavesNoTraceAndMayBeMended) {
  const std::unique_ptr<PostgresSession> session = Connect();
  const Result<void> broken = MigratePostgres(*session, std::array{kFirst, kBroken});
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(broken.error().message.find("migration 0002_broken: "), std::string::npos) << broken.error().message;
  EXPECT_NE(broken.error().message.find("nowhere"), std::string::npos) << broken.error().message;
  EXPECT_TRUE(session->IsIdle());
  EXPECT_EQ(Must(session->Execute("SELECT coalesce(to_regclass('b')::text, 'none')")).first().View(0), "none");
  EXPECT_OK(MigratePostgres(*session, std::array{kFirst, kSecond}));
}

TEST_F(PostgresMigrateTest, TheBuiltInOnesAreNumberedWithoutGaps) {
  const std::span<const Migration> known = KnownPostgresMigrations();
  ASSERT_FALSE(known.empty());
  for (size_t i = 0; i < known.size(); ++i) EXPECT_EQ(known[i].number, static_cast<int>(i) + 1) << known[i].name;
}

/// As a standby is: one that follows nobody. It answers reads only.
TEST(PostgresStandbyTest, AStandbyIsRefusedUntilItIsPromoted) {
  PostgresServer server;
  PostgresOptions options = PostgresOptionsFor(server);
  options.connect_timeout_ms = 500;
  ASSERT_OK(OpenPostgresStore(options, TestClock()));
  server.Stop(PostgresServer::How::kFast);
  std::ofstream(server.folder() + "/data/standby.signal").flush();
  server.Start();
  Result<std::unique_ptr<Store>> refused = OpenPostgresStore(options, TestClock());
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("it is a standby"), std::string::npos) << refused.error().message;
  // Of several hosts the one that can be written to is looked for.
  options.dsn = Must(
      PostgresDsn::Parse("postgres://orchestrator:orchestrator@127.0.0.1:" + std::to_string(server.port()) + ",127.0.0.1:1/orchestrator"));
  refused = OpenPostgresStore(options, TestClock());
  ASSERT_FALSE(refused.ok());
  server.Run("SELECT pg_promote()");
  EXPECT_OK(OpenPostgresStore(options, TestClock()));
}

}  // namespace
}  // namespace orc::test
