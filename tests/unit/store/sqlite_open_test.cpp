// Opening the SQLite store: files that are no good, each with its own words; the lock; the modes of what it makes.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/migrations.h"
#include "store/sqlite_session.h"
#include "store/sqlite_store.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

/// File permissions bind everyone but root: as root, the test becomes somebody else for a while.
class AsNobody {
 public:
  AsNobody() : was_root_(geteuid() == 0) {
    if (was_root_ && seteuid(65534) != 0) throw std::runtime_error("seteuid");
  }
  ~AsNobody() {
    if (was_root_ && seteuid(0) != 0) abort();
  }

 private:
  bool was_root_;
};

class SqliteOpenTest : public ::testing::Test {
 protected:
  std::string File() const { return folder_.File("state.db"); }
  void Write(const std::string& bytes) { std::ofstream(File(), std::ios::binary) << bytes; }
  void Make() { ASSERT_OK(OpenSqliteStore(File())); }
  void Run(const std::string& script) {
    std::unique_ptr<SqliteSession> session = Must(SqliteSession::Open(File()));
    ASSERT_OK(session->Execute(script));
  }
  /// The message of a refused opening, which must name the file and hold `words`.
  void ExpectRefused(const std::string& words) {
    Result<std::unique_ptr<Store>> store = OpenSqliteStore(File());
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(store.error().message.find(File()), std::string::npos) << store.error().message;
    EXPECT_NE(store.error().message.find(words), std::string::npos) << store.error().message;
  }

  TempFolder folder_;
};

TEST_F(SqliteOpenTest, ASecondOpeningIsRefusedWhileTheFirstLives) {
  std::unique_ptr<Store> first = Must(OpenSqliteStore(File()));
  ExpectRefused("in use by process " + std::to_string(getpid()) + "; stop that one first");
  first.reset();
  EXPECT_OK(OpenSqliteStore(File()));
}

TEST_F(SqliteOpenTest, FilesAreForTheOwnerOnly) {
  mode_t before = umask(0);
  std::unique_ptr<Store> store = Must(OpenSqliteStore(File()));
  EXPECT_OK(CommitAll(*store, {NewRun(MakeRun("run_1"))}));
  umask(before);
  for (const char* tail : {"", "-wal", "-shm", ".lock"}) {
    struct stat status = {};
    ASSERT_EQ(stat((File() + tail).c_str(), &status), 0) << tail;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << tail;
  }
}

TEST_F(SqliteOpenTest, AFolderThatIsNotThere) {
  Result<std::unique_ptr<Store>> store = OpenSqliteStore(folder_.File("none/state.db"));
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message.find("No such file or directory; the state folder must exist"), std::string::npos)
      << store.error().message;
}

TEST_F(SqliteOpenTest, AFileThatIsNoDatabase) {
  Write("state: this is a note, not a database\n");
  ExpectRefused("not an SQLite database; move it away");
}

TEST_F(SqliteOpenTest, AFileThatOnlyBeginsLikeADatabase) {
  Write("SQLite f");
  ExpectRefused("not an SQLite database");
  Write(std::string("SQLite format 3\0", 16) + std::string(8192, '\xa5'));
  ExpectRefused("cannot use the database");
}

TEST_F(SqliteOpenTest, AnEmptyFileBecomesADatabase) {
  Write("");
  EXPECT_OK(OpenSqliteStore(File()));
}

TEST_F(SqliteOpenTest, AFolderInItsPlace) {
  std::filesystem::create_directory(File());
  ExpectRefused("Is a directory");
}

TEST_F(SqliteOpenTest, ADeviceInItsPlace) {
  std::filesystem::create_symlink("/dev/null", File());
  ExpectRefused("not a regular file");
}

TEST_F(SqliteOpenTest, AReadOnlyFile) {
  Make();
  std::filesystem::remove(File() + ".lock");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  std::filesystem::permissions(File(), std::filesystem::perms(0444));
  AsNobody nobody;
  ExpectRefused("Permission denied; it must be writable for this user");
}

TEST_F(SqliteOpenTest, AReadOnlyFolder) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  {
    AsNobody nobody;
    ExpectRefused("Permission denied; the state folder must exist and be writable");
  }
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
}

TEST_F(SqliteOpenTest, ADatabaseOfAnotherProgram) {
  Write("");
  Run("CREATE TABLE notes (text TEXT)");
  ExpectRefused("an SQLite database of another program");
}

TEST_F(SqliteOpenTest, ASchemaOfANewerRelease) {
  Make();
  Run("INSERT INTO schema_migrations VALUES (9999, '9999_from_the_future', 'x', 0)");
  ExpectRefused("its schema is newer than this release: it has migration 9999 (9999_from_the_future)");
}

TEST_F(SqliteOpenTest, AMigrationOfAnotherText) {
  Make();
  Run("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");
  ExpectRefused("migration 1 (0001_initial) was applied with another text");
}

TEST_F(SqliteOpenTest, ADamagedPageIsSaid) {
  Make();
  {
    std::fstream file(File(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(3000, '\xa5');
  }
  ExpectRefused("restore it from a backup");
}

TEST_F(SqliteOpenTest, WhatWasCommittedIsThereAfterwards) {
  {
    std::unique_ptr<Store> store = Must(OpenSqliteStore(File()));
    Change change = NewRun(MakeRun("run_1"));
    change.events = {MakeEvent("run_1", 1)};
    ASSERT_OK(CommitAll(*store, {change}));
  }
  std::unique_ptr<Store> store = Must(OpenSqliteStore(File()));
  EXPECT_EQ(Describe(Must(store->GetRun("run_1"))), Describe(MakeRun("run_1")));
  EXPECT_EQ(Must(store->LastEventId()), 1);
}

}  // namespace
}  // namespace orc::test
