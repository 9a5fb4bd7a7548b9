// The order and the number of problems, and bodies made to keep the check busy.
#include <algorithm>

#include "unit/workflow/checker_fixture.h"
#include "workflow/limits.h"
#include "workflow/problem_order.h"

namespace orc {
namespace {

using CheckLimits = CheckerTest;

TEST_F(CheckLimits, TellsProblemsInTheOrderOfTheDocument) {
  const CheckReport report = Check(R"({"labels":5,"name":"w","steps":[
      {"name":"a","action":"htpp","retry":{"max":-1}},
      {"action":"http","name":7,"input":{"url":"ftp://h","body":"{{ steps.zz.output }}"}},
      {"name":"c","if":"x","action":"transform","input":{"set":1}}]})");
  std::vector<std::string> pointers;
  for (const Problem& problem : report.errors) pointers.push_back(problem.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/labels", "/steps/0/action", "/steps/0/retry/max", "/steps/1/name", "/steps/1/input/url",
                                                "/steps/1/input/body", "/steps/2/if", "/steps/2/input/set"}));
}

TEST_F(CheckLimits, SortsAWholeBeforeItsPartsAndUnknownPlacesLast) {
  const Json document = ParseJson(R"({"b":{"x/y":1,"z":2},"a":[0,[1]]})").value();
  std::vector<Problem> problems = {{"/a/1/0", ""}, {"/nowhere", ""}, {"/a/10", ""}, {"/b/z", ""},
                                   {"/a", "1"},    {"/b/x~1y", ""},  {"", ""},      {"/a", "2"}};
  SortByPlace(document, problems);
  std::string order;
  for (const Problem& problem : problems) order += problem.pointer + problem.detail + " ";
  EXPECT_EQ(order, " /b/x~1y /b/z /a1 /a2 /a/1/0 /a/10 /nowhere ");
}

TEST_F(CheckLimits, RefusesMoreStepsThanThereMayBe) {
  EXPECT_EQ(Errors(Many(10'001, "{}")), "/steps: a workflow has at most 10000 steps, found 10001\n");
  EXPECT_EQ(Check(Many(10'000, R"({"name":"same","action":"transform","input":{"set":{}}})")).errors.size(), 0u);
}

TEST_F(CheckLimits, AHugeNameIsNotRepeatedWhole) {
  const std::string name(500'000, 'x');
  const CheckReport report =
      Check(R"({"name":"w","steps":[{"name":"a","action":")" + name + R"("},{"name":"b","action":"http","zz)" + name + R"(":1}]})");
  for (const auto& problems : {report.errors, report.warnings}) {
    ASSERT_FALSE(problems.empty());
    for (const Problem& problem : problems) EXPECT_LT(problem.detail.size(), 510u);
  }
}

TEST_F(CheckLimits, ARetryThatIsNoObjectIsOneFault) {
  EXPECT_EQ(Check(Many(1, R"({"name":"a","action":"transform","retry":5,"input":{"set":{}}})")).errors.size(), 1u);
  EXPECT_EQ(Check(Many(1, R"({"name":"a","action":"transform","retry":null,"input":{"set":{}}})")).errors.size(), 0u);
}

// Each of these took from many seconds to hours when problems, keys or names were compared each with each.
TEST_F(CheckLimits, BodiesFullOfFaultsAreCountedNotListedToTheEnd) {
  for (const char* step :
       {"{}", "5", R"({"name":"a","action":"htpp"})", R"({"name":"a","action":"transform","input":{"set":{}},"retry":5})",
        R"({"name":"a","action":"transform","input":{"set":{"x":"{{ steps.aa.output }}"}}})"}) {
    const CheckReport report = Check(Many(10'000, step));
    ASSERT_EQ(report.errors.size(), kMaxProblems + 1) << step;
    EXPECT_NE(report.errors.back().detail.find(" more problems are not listed"), std::string::npos);
    EXPECT_EQ(report.errors.front().pointer.substr(0, 8), "/steps/0") << step;
  }
  EXPECT_EQ(Check(Many(10'000, R"({"name":"a","action":"transform","inptu":1,"input":{"set":{}}})")).warnings.size(), kMaxProblems + 1);
}

TEST_F(CheckLimits, EachLimitOfTheSchemaHolds) {
  const auto step = [](const std::string& fields) {
    return R"({"name":"w","steps":[{"action":"transform","input":{"set":{}},)" + fields + "}]}";
  };
  const std::string long_name(201, 'n');
  const std::vector<std::pair<std::string, std::string>> faulty = {
      {R"("name":"")", "/name"},
      {R"("name":")" + long_name + "\"", "/name"},
      {R"("name":"a","retry":{"max":1001})", "/retry/max"},
      {R"("name":"a","retry":{"max":1.5})", "/retry/max"},
      {R"("name":"a","retry":{"max":"2"})", "/retry/max"},
      {R"("name":"a","retry":{"backoff_ms":86400001})", "/retry/backoff_ms"},
      {R"("name":"a","timeout_ms":0)", "/timeout_ms"},
      {R"("name":"a","timeout_ms":86400001)", "/timeout_ms"},
      {R"("name":"a","requires_approval":{"count":2})", "/requires_approval/count"},
      {R"("name":"a","key":"A b")", "/key"},
      {R"("name":"a","id":"a b")", "/id"}};
  for (const auto& [fields, pointer] : faulty) {
    const CheckReport report = Check(step(fields));
    ASSERT_EQ(report.errors.size(), 1u) << fields << "\n" << Text(report.errors);
    EXPECT_EQ(report.errors[0].pointer, "/steps/0" + pointer) << fields;
  }
  EXPECT_EQ(Errors(step(R"("name":"a","retry":{"max":1000,"backoff_ms":86400000},"timeout_ms":86400000,"requires_approval":true)")), "");
  EXPECT_NE(Errors(R"({"name":"w","steps":[]})").find("/steps: "), std::string::npos);
}

}  // namespace
}  // namespace orc
