// The conformance cases of the CEL specification: every one of them, without an exception.
#include "cli/conformance.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace orc {
namespace {

void ExpectAllPass(const std::string& file, size_t wanted) {
  std::ifstream in(std::string(ORC_SOURCE_DIR) + "/tests/data/cel/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  const auto document = ParseJson(text.str());
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto report = RunCases(*document, {});
  ASSERT_TRUE(report.ok()) << report.error().message;
  size_t passed = 0;
  for (const GroupReport& group : report->groups) passed += group.passed;
  for (const CaseFailure& failure : report->failures) {
    ADD_FAILURE() << failure.name << "\n  " << failure.expression << "\n  expected " << failure.expected << "\n  found " << failure.found;
  }
  EXPECT_EQ(passed, wanted);
}

TEST(Conformance, Core) { ExpectAllPass("cel-core.json", 814); }
TEST(Conformance, Extended) { ExpectAllPass("cel-extended.json", 392); }

// The runner itself must be able to fail.
TEST(Conformance, TellsAFailureFromASuccess) {
  const auto document = ParseJson(R"({"g":[{"section":"s","cases":[
    {"name":"right","expr":"1 + 1","value":{"int64":"2"}},
    {"name":"wrong value","expr":"1 + 1","value":{"int64":"3"}},
    {"name":"wrong type","expr":"1 + 1","value":{"uint64":"2"}},
    {"name":"no error","expr":"1","error":["x"]},
    {"name":"raw","expr":"r'\\u0041'","value":{"string":"A"}},
    {"name":"signed zero","expr":"0.0","value":{"double":"-0.0"}}]}]})");
  const auto report = RunCases(*document, {"g/s/no error", "g/s/right"});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->groups[0].total, 6u);
  EXPECT_EQ(report->groups[0].passed, 0u);
  EXPECT_EQ(report->groups[0].excepted, 1u);
  EXPECT_EQ(report->failures.size(), 5u);
  EXPECT_FALSE(RunCases(Json(nullptr), {}).ok());
  EXPECT_FALSE(RunCases(ParseJson(R"({"g":[{"section":"s"}]})").value(), {}).ok());
}

}  // namespace
}  // namespace orc
