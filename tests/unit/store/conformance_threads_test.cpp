// One thread commits while others read: every reader sees whole commits only, and ids without gaps. On every store.
#include <atomic>
#include <thread>

#include "base/json.h"
#include "unit/store/store_fixture.h"

namespace orc::test {
namespace {

using ThreadsTest = StoreTest;
ORC_EVERY_STORE(ThreadsTest);

constexpr int kCommits = 300;

/// Commit number n leaves the run, its step, its context and its output all saying n.
Change Numbered(const orc::Run& run, int64_t n) {
  Change change;
  RunUpdate update{.id = run.identity.id, .expected_revision = n, .progress = run.progress};
  update.progress.revision = n + 1;
  update.progress.updated_us = n + 1;
  change.run_updates = {update};
  change.steps = {MakeStep(run.identity.id, 0)};
  change.steps[0].state.finished_us = n + 1;
  change.documents = {MakeDocument(run.identity.id, Document::Kind::kContext, -1, R"({"n":)" + std::to_string(n + 1) + "}")};
  change.events = {MakeEvent(run.identity.id, 2 * n), MakeEvent(run.identity.id, 2 * n + 1)};
  return change;
}

TEST_P(ThreadsTest, ReadersSeeWholeCommits) {
  Run run = MakeRun("run_1");
  Change first = Numbered(run, 0);
  first.run_updates.clear();
  first.new_runs = {run};
  first.new_runs[0].progress.updated_us = 1;
  ASSERT_OK(Commit({first}));

  std::atomic<bool> done{false};
  std::atomic<int> torn{0}, failed{0}, reads{0};
  auto read = [&] {
    int64_t seen = 0;
    while (!done) {
      Result<Run> found = store().GetRun("run_1");
      if (!found.ok()) {
        ++failed;
        continue;
      }
      int64_t n = found->progress.revision;
      bool whole = found->steps.size() == 1 && found->steps.at({0, -1}).finished_us == n && found->context->at("n").as_int64() == n;
      torn += whole && n >= seen ? 0 : 1;
      seen = n;
      ++reads;
    }
  };
  std::atomic<int> odd{0};
  auto follow = [&] {  // as an SSE stream does
    int64_t after = 0, next = 0;
    while (next < 2 * (kCommits + 1)) {
      Result<std::vector<EventRow>> rows = store().ReadEvents("run_1", after, 7);
      if (!rows.ok()) {
        ++failed;
        return;
      }
      for (const EventRow& row : *rows) {
        odd += row.event.number == next++ ? 0 : 1;
        after = row.id;
      }
      if (rows->empty() && done && Must(store().LastEventId()) == after) return;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) threads.emplace_back(read);  // more than there are reader sessions
  threads.emplace_back(follow);
  Result<void> committed;
  for (int64_t n = 1; n <= kCommits && committed.ok(); ++n) committed = Commit({Numbered(run, n)});
  while (reads < 100 && failed == 0) std::this_thread::yield();
  done = true;
  for (std::thread& thread : threads) thread.join();

  EXPECT_OK(committed);
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(odd, 0);
  EXPECT_EQ(Must(store().ReadEvents("run_1", 0, 10'000)).size(), 2u * (kCommits + 1));
}

}  // namespace
}  // namespace orc::test
