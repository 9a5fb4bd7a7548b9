// What the store tests share: a folder that vanishes, rows with every field set, and the suite that runs on every store.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "engine/store.h"
#include "store/postgres_store.h"
#include "unit/store/postgres_server.h"

namespace orc::test {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string File(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The parameter names the store: "memory", "sqlite" or "postgres".
class StoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  using Run = orc::Run;  // not testing::Test::Run

  void SetUp() override;
  Store& store() { return *store_; }
  /// All in one transaction.
  Result<void> Commit(std::initializer_list<Change> changes);

 private:
  TempFolder folder_;
  std::unique_ptr<Store> store_;
};

std::unique_ptr<Store> MakeStore(const std::string& kind, const TempFolder& folder);
const Clock& TestClock();
/// A schema of its own.
PostgresOptions PostgresOptionsFor(PostgresServer& server);
Result<void> CommitAll(Store& store, const std::vector<Change>& changes);

WorkflowRow MakeWorkflow(const std::string& id, int64_t created_us = 1000);
TemplateRow MakeTemplate(const std::string& id, int64_t created_us = 1000);
Run MakeRun(const std::string& id, int64_t created_us = 1000, RunStatus status = RunStatus::kRunning);
RunUpdate MakeUpdate(const Run& run, RunStatus status, int64_t now_us = 2000);
StepRow MakeStep(const std::string& run_id, uint32_t step, StepStatus status = StepStatus::kRunning);
DocumentRow MakeDocument(const std::string& run_id, Document::Kind kind, int32_t step, const std::string& text);
EventRow MakeEvent(const std::string& run_id, int64_t number, const std::string& type = "step.succeeded");
LogRow MakeLog(const std::string& run_id, const std::string& text);
ScheduleRow MakeSchedule(const std::string& id, const std::string& name, const std::string& workflow_id = "wf_1");

Change NewRun(const Run& run);
Change Update(const RunUpdate& update);

/// Every field, so that two rows are equal when their descriptions are.
std::string Describe(const WorkflowRow& row);
std::string Describe(const VersionRow& row);
std::string Describe(const TemplateRow& row);
std::string Describe(const RunIdentity& identity);
std::string Describe(const RunProgress& progress);
std::string Describe(const StepState& state);
std::string Describe(const Run& run);
std::string Describe(const EventRow& row);
std::string Describe(const LogRow& row);
std::string Describe(const Document& document);
std::string Describe(const ScheduleRow& row);

/// The value, or a failed test.
template <typename T>
T Must(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

}  // namespace orc::test

#define EXPECT_OK(expression)                                             \
  do {                                                                    \
    auto orc_test_result = (expression);                                  \
    EXPECT_TRUE(orc_test_result.ok()) << orc_test_result.error().message; \
  } while (false)
#define ASSERT_OK(expression)                                             \
  do {                                                                    \
    auto orc_test_result = (expression);                                  \
    ASSERT_TRUE(orc_test_result.ok()) << orc_test_result.error().message; \
  } while (false)
#define EXPECT_FAILS(expression, expected_code)                                                \
  do {                                                                                         \
    auto orc_test_result = (expression);                                                       \
    ASSERT_FALSE(orc_test_result.ok());                                                        \
    EXPECT_EQ(orc_test_result.error().code, expected_code) << orc_test_result.error().message; \
  } while (false)
#define ORC_EVERY_STORE(suite)                                                               \
  INSTANTIATE_TEST_SUITE_P(Stores, suite, ::testing::Values("memory", "sqlite", "postgres"), \
                           [](const auto& of) { return std::string(of.param); })
