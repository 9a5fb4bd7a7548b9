#include <fstream>

#include "store/migrations.h"
#include "store/sqlite_session.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

class MigrateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_.File("m.db")).flush();
    session_ = Must(SqliteSession::Open(folder_.File("m.db")));
  }
  std::string Ask(const std::string& sql) { return Must(session_->Ask(sql)); }

  TempFolder folder_;
  std::unique_ptr<SqliteSession> session_;
};

constexpr Migration kFirst{1, "0001_first", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);"};
constexpr Migration kSecond{2, "0002_second", "CREATE TABLE b (x INTEGER); INSERT INTO b SELECT x + 1 FROM a;"};
constexpr Migration kBroken{2, "0002_broken", "CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);"};

TEST_F(MigrateTest, EachIsAppliedOnceInOrder) {
  ASSERT_OK(Migrate(*session_, std::array{kFirst}));
  ASSERT_OK(Migrate(*session_, std::array{kFirst, kSecond}));
  ASSERT_OK(Migrate(*session_, std::array{kFirst, kSecond}));
  EXPECT_EQ(Ask("SELECT group_concat(x) FROM a"), "1");
  EXPECT_EQ(Ask("SELECT group_concat(x) FROM b"), "2");
  EXPECT_EQ(Ask("SELECT group_concat(number || ' ' || name) FROM schema_migrations"), "1 0001_first,2 0002_second");
}

TEST_F(MigrateTest, AFailedOneLeavesNoTraceAndMayBeMended) {
  Result<void> broken = Migrate(*session_, std::array{kFirst, kBroken});
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(broken.error().message.find("migration 0002_broken: "), std::string::npos) << broken.error().message;
  EXPECT_NE(broken.error().message.find("nowhere"), std::string::npos) << broken.error().message;
  EXPECT_FALSE(session_->InTransaction());
  EXPECT_EQ(Ask("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), "0");
  EXPECT_EQ(Ask("SELECT max(number) FROM schema_migrations"), "1");
  EXPECT_OK(Migrate(*session_, std::array{kFirst, kSecond}));
}

TEST_F(MigrateTest, AGapIsRefused) {
  ASSERT_OK(Migrate(*session_, std::array{kFirst, kSecond}));
  ASSERT_OK(session_->Execute("DELETE FROM schema_migrations WHERE number = 1"));
  Result<void> refused = Migrate(*session_, std::array{kFirst, kSecond});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("has a gap: 2 follows where 1 was expected"), std::string::npos) << refused.error().message;
}

TEST_F(MigrateTest, TheBuiltInOnesAreNumberedWithoutGaps) {
  std::span<const Migration> known = KnownMigrations();
  ASSERT_FALSE(known.empty());
  for (size_t i = 0; i < known.size(); ++i) EXPECT_EQ(known[i].number, static_cast<int>(i) + 1) << known[i].name;
  EXPECT_EQ(known[0].name, "0001_initial");
  EXPECT_NE(known[0].sql.find("CREATE TABLE run_events"), std::string_view::npos);
}

}  // namespace
}  // namespace orc::test
