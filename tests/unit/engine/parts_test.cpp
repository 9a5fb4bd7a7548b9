// The small parts of the loop: timers, the output cache, changes, the inbox, the definitions.
#include <gmock/gmock.h>

#include "engine/change_of_run.h"
#include "engine/definitions.h"
#include "engine/inbox.h"
#include "engine/output_cache.h"
#include "engine/run_timers.h"
#include "unit/engine/engine_bench.h"

namespace orc::test {
namespace {

using ::testing::ElementsAre;

TEST(RunTimersTest, GivesWhatIsDueInOrderOncePerRun) {
  RunTimers timers;
  timers.Set("a", 1030, 30);
  timers.Set("b", 1010, 10);
  timers.Set("c", 1020, 20);
  timers.Set("a", 1005, 5);
  timers.SetIfAbsent("b", 1001, 1);
  EXPECT_EQ(timers.NextUs(), 5);
  EXPECT_THAT(timers.TakeDue(10), ElementsAre(RunTimers::Due{"a", 1005}, RunTimers::Due{"b", 1010}));
  EXPECT_TRUE(timers.TakeDue(10).empty());
  timers.Clear("c");
  timers.Clear("c");
  EXPECT_EQ(timers.size(), 0u);
  EXPECT_EQ(timers.NextUs(), 0);
}

TEST(RunTimersTest, ATimerThatIsSetAgainGoesOffWhenItWasGoingTo) {
  RunTimers timers;
  timers.Set("a", 1030, 30);
  timers.Set("a", 1030, 9'000'000);  // the wall clock was set back
  EXPECT_EQ(timers.NextUs(), 30);
}

TEST(OutputCacheTest, IsBoundedInBytesAndForgetsTheOldest) {
  OutputCache cache(3'000);
  const auto key = [](uint32_t step) { return OutputCache::Key{1, Document::Kind::kOutput, step, -1}; };
  for (uint32_t i = 0; i < 20; ++i) cache.Put(key(i), "[" + std::to_string(i) + "]");
  EXPECT_LE(cache.bytes(), 3'000u);
  EXPECT_EQ(cache.Find(key(0)), nullptr);
  const auto last = cache.Find(key(19));
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(PrintJson(*last), "[19]");
  cache.Put(key(99), '"' + std::string(10'000, 'x') + '"');  // larger than all of it
  EXPECT_EQ(cache.Find(key(99)), nullptr);
  EXPECT_EQ(PrintJson(*last), "[19]");  // held: it stays
}

TEST(OutputCacheTest, ForgetsAGeneration) {
  OutputCache cache(100'000);
  for (const uint64_t generation : {1, 2, 3}) cache.Put({generation, Document::Kind::kOutput, 0, -1}, "1");
  cache.Forget(2);
  EXPECT_NE(cache.Find({1, Document::Kind::kOutput, 0, -1}), nullptr);
  EXPECT_EQ(cache.Find({2, Document::Kind::kOutput, 0, -1}), nullptr);
  EXPECT_NE(cache.Find({3, Document::Kind::kOutput, 0, -1}), nullptr);
}

TEST(ChangeOfRunTest, LaterDecisionsReplaceRowsOfEarlierOnes) {
  RunIdentity run;
  run.id = "run_1";
  Change change;
  Decision first;
  first.changed = true;
  first.steps = {{.step = 0, .tries = 1}, {.step = 1, .tries = 1}};
  first.documents = {{Document::Kind::kOutput, 0, -1, "1"}, {Document::Kind::kContext, -1, -1, "{}"}};
  AddDecision(run, first, 5, change);
  Decision second;
  second.changed = true;
  second.steps = {{.step = 1, .tries = 2}};
  second.documents = {{Document::Kind::kContext, -1, -1, R"({"a":1})"}};
  AddDecision(run, second, 5, change);
  ASSERT_EQ(change.steps.size(), 2u);
  EXPECT_EQ(change.steps[1].state.tries, 2);
  ASSERT_EQ(change.documents.size(), 2u);
  EXPECT_EQ(change.documents[1].document.text, R"({"a":1})");

  Decision third;
  third.changed = true;
  third.cleared = {{1, -1}};
  third.steps = {{.step = 1, .tries = 1}};
  AddDecision(run, third, 5, change);
  ASSERT_EQ(change.steps.size(), 2u);
  EXPECT_EQ(change.steps[1].state.tries, 1);
  EXPECT_THAT(change.cleared_steps, ElementsAre(std::pair<std::string, StepKey>("run_1", {1, -1})));
}

TEST(InboxTest, AClosedInboxLeavesTheMailWithItsSender) {
  Inbox inbox;
  EXPECT_TRUE(inbox.Post(LogsEnded{{}, {}}));
  EXPECT_EQ(inbox.Close().size(), 1u);
  LoopMail mail(ClientEvent{"run_1", CancelRequested{}, {}, {}});
  EXPECT_FALSE(inbox.Post(std::move(mail)));
  EXPECT_EQ(std::get<ClientEvent>(mail).run_id, "run_1");
  std::vector<LoopMail> mails;
  EXPECT_FALSE(inbox.Take(mails, -1));
}

TEST(DefinitionsTest, AVersionIsParsedOnceAndTheLeastUsedOneGoes) {
  EngineBench bench;
  Definitions definitions(bench.store, 2);
  const std::string a = bench.AddWorkflow(Steps(HttpStep("a")));
  const std::string b = bench.AddWorkflow(Steps(HttpStep("b")));
  const std::string c = bench.AddWorkflow(Steps(HttpStep("c")));
  const auto first = *definitions.Get(a, 1);
  EXPECT_EQ(*definitions.Get(a, 1), first);
  const auto second = *definitions.Get(b, 1);
  EXPECT_EQ(*definitions.Get(a, 1), first);
  ASSERT_TRUE(definitions.Get(c, 1).ok());  // b goes
  EXPECT_EQ(*definitions.Get(a, 1), first);
  EXPECT_NE(*definitions.Get(b, 1), second);
  EXPECT_EQ(definitions.Get(a, 2).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace orc::test
