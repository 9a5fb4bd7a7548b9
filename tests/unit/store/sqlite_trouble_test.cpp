// A full disk, and a process that is killed in the middle: the promises of the SQLite store under trouble.
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite_session.h"
#include "store/sqlite_store.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

/// A file system of two megabytes of its own; absent where the test may not mount.
class SmallDisk {
 public:
  SmallDisk() { mounted_ = mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=2m,mode=0755") == 0; }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  std::string File(const std::string& name) const { return folder_.File(name); }

  void Fill() {
    int descriptor = open(File("filler").c_str(), O_WRONLY | O_CREAT, 0600);
    std::string block(4096, 'x');
    while (write(descriptor, block.data(), block.size()) > 0) {
    }
    close(descriptor);
  }
  void MakeRoom() { std::filesystem::remove(File("filler")); }

 private:
  TempFolder folder_;
  bool mounted_ = false;
};

Change LargeRun(const std::string& id) {
  Change change = NewRun(MakeRun(id));
  change.documents = {MakeDocument(id, Document::Kind::kOutput, 0, std::string(200'000, 'x'))};
  change.events = {MakeEvent(id, 1)};
  return change;
}

/// The first run is in; the second is refused while `limit` holds, though reads go on; and lands once it is lifted.
template <typename Limit, typename Lift>
void ExpectItRecovers(Store& store, Limit limit, Lift lift) {
  ASSERT_OK(CommitAll(store, {LargeRun("run_1")}));
  limit();
  Result<void> refused = CommitAll(store, {LargeRun("run_2")});
  Result<void> again = CommitAll(store, {LargeRun("run_2")});
  Result<Run> read = store.GetRun("run_1");
  lift();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().message;
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kUnavailable) << again.error().message;
  EXPECT_TRUE(read.ok());
  EXPECT_FAILS(store.GetRun("run_2"), ErrorCode::kNotFound);
  EXPECT_EQ(Must(store.LastEventId()), 1);

  ASSERT_OK(CommitAll(store, {LargeRun("run_2"), LargeRun("run_3")}));
  EXPECT_EQ(Must(store.ListActiveRuns("", 10)).size(), 3u);
  EXPECT_EQ(Must(store.GetDocuments("run_2", Document::Kind::kOutput)).at(0).text.size(), 200'000u);
  EXPECT_EQ(Must(store.LastEventId()), 3);
}

TEST(SqliteTroubleTest, WorkGoesOnWhenAFullDiskHasRoomAgain) {
  SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small file system needs root";
  std::unique_ptr<Store> store = Must(OpenSqliteStore(disk.File("state.db")));
  ExpectItRecovers(
      *store, [&] { disk.Fill(); }, [&] { disk.MakeRoom(); });

  disk.Fill();
  Result<void> full = CommitAll(*store, {LargeRun("run_4")});
  ASSERT_FALSE(full.ok());
  EXPECT_NE(full.error().message.find("free some room on the disk"), std::string::npos) << full.error().message;
}

TEST(SqliteTroubleTest, NothingIsWrittenToAFileThatLostItsName) {
  for (const std::string lost : {"state.db", "state.db-wal"}) {
    SCOPED_TRACE(lost);
    TempFolder folder;
    std::unique_ptr<Store> store = Must(OpenSqliteStore(folder.File("state.db")));
    const std::string aside = folder.File("aside");
    auto take_away = [&] {
      ASSERT_OK(store->GetRun("run_1"));  // its readers have the file open already
      std::filesystem::rename(folder.File(lost), aside);
    };
    ExpectItRecovers(*store, take_away, [&] { std::filesystem::rename(aside, folder.File(lost)); });

    std::filesystem::copy_file(folder.File(lost), aside);
    std::filesystem::rename(aside, folder.File(lost));
    Result<void> replaced = CommitAll(*store, {LargeRun("run_4")});
    ASSERT_FALSE(replaced.ok());
    EXPECT_NE(replaced.error().message.find("was removed, renamed or replaced"), std::string::npos) << replaced.error().message;
  }
}

TEST(SqliteTroubleTest, AReaderDoesNotMakeAnEmptyDatabase) {
  TempFolder folder;
  const std::string file = "/" + folder.File("a ?#%41 b.db");
  std::unique_ptr<Store> store = Must(OpenSqliteStore(file));
  ASSERT_OK(CommitAll(*store, {NewRun(MakeRun("run_1"))}));
  std::filesystem::rename(file, folder.File("aside"));
  EXPECT_FAILS(store->GetRun("run_1"), ErrorCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(file));
  std::filesystem::rename(folder.File("aside"), file);
  EXPECT_OK(store->GetRun("run_1"));
}

TEST(SqliteTroubleTest, WorkGoesOnAfterAWriteError) {
  TempFolder folder;
  std::unique_ptr<Store> store = Must(OpenSqliteStore(folder.File("state.db")));
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  auto old_handler = signal(SIGXFSZ, SIG_IGN);
  auto limit = [&] {
    rlimit small = before;
    small.rlim_cur = 300'000;
    setrlimit(RLIMIT_FSIZE, &small);
  };
  ExpectItRecovers(*store, limit, [&] { setrlimit(RLIMIT_FSIZE, &before); });
  signal(SIGXFSZ, old_handler);
}

/// In a child: commits runs one by one, telling each number once it is on the disk, until it is killed.
[[noreturn]] void CommitUntilKilled(const std::string& file, int acknowledge) {
  std::unique_ptr<Store> store = Must(OpenSqliteStore(file));
  for (int32_t number = 0;; ++number) {
    Change change = NewRun(MakeRun("run_" + std::to_string(number)));
    change.steps = {MakeStep(change.new_runs[0].identity.id, 0)};
    change.events = {MakeEvent(change.new_runs[0].identity.id, 1), MakeEvent(change.new_runs[0].identity.id, 2)};
    if (!CommitAll(*store, {change}).ok()) _exit(3);
    if (write(acknowledge, &number, sizeof number) != sizeof number) _exit(4);
  }
}

TEST(SqliteTroubleTest, WhatWasAcknowledgedSurvivesAKill) {
  for (int acknowledged_at_least : {1, 17, 60}) {
    TempFolder folder;
    std::string file = folder.File("state.db");
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) CommitUntilKilled(file, ends[1]);
    close(ends[1]);
    int32_t number = -1, last = -1;
    while (last + 1 < acknowledged_at_least && read(ends[0], &number, sizeof number) == sizeof number) last = number;
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number) last = number;
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);

    {
      std::unique_ptr<Store> store = Must(OpenSqliteStore(file));
      for (int32_t i = 0; i <= last; ++i) EXPECT_OK(store->GetRun("run_" + std::to_string(i)));
      size_t runs = Must(store->ListActiveRuns("", 100'000)).size();
      EXPECT_GE(runs, static_cast<size_t>(last + 1));
      EXPECT_LE(runs, static_cast<size_t>(last + 2));  // one more may have come through unheard
      EXPECT_EQ(Must(store->ReadEvents("", 0, 1'000'000)).size(), 2 * runs);
    }
    EXPECT_EQ(Must(Must(SqliteSession::Open(file))->Ask("PRAGMA integrity_check")), "ok");
  }
}

}  // namespace
}  // namespace orc::test
