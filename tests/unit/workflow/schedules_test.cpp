// `schedules` of a workflow: read, and refused with every problem in its place.
#include "unit/workflow/checker_fixture.h"
#include "workflow/definition.h"

namespace orc {
namespace {

using SchedulesTest = CheckerTest;

std::string With(const std::string& schedules, const std::string& more = "") {
  return R"({"name":"w","steps":[{"name":"a","action":"transform","input":{"set":{}}}],"schedules":)" + schedules + more + "}";
}

TEST_F(SchedulesTest, AreReadWithTheirDefaults) {
  const std::string text =
      With(R"([{"name":"a","cron":"@daily"},{"name":"b","cron":"0 9 * * MON-FRI","timezone":"Europe/Berlin","overlap":"cancel_running",
            "catch_up":"all","context":{"n":1.0},"paused":true,"description":"why"}])");
  EXPECT_EQ(Errors(text), "");
  EXPECT_EQ(Warnings(text), "");
  const auto definition = *ParseDefinition(ParseJson(text).value());
  ASSERT_EQ(definition->schedules.size(), 2u);
  const ScheduleDefinition& first = definition->schedules[0];
  EXPECT_EQ(first.name, "a");
  EXPECT_EQ(first.timezone, "UTC");
  EXPECT_EQ(first.overlap, ScheduleOverlap::kSkip);
  EXPECT_EQ(first.catch_up, ScheduleCatchUp::kNone);
  EXPECT_EQ(PrintJson(first.context), "{}");
  EXPECT_FALSE(first.paused);
  const ScheduleDefinition& second = definition->schedules[1];
  EXPECT_EQ(second.timezone, "Europe/Berlin");
  EXPECT_EQ(second.overlap, ScheduleOverlap::kCancelRunning);
  EXPECT_EQ(second.catch_up, ScheduleCatchUp::kAll);
  EXPECT_EQ(PrintJson(second.context), R"({"n":1.0})");
  EXPECT_TRUE(second.paused);
}

TEST_F(SchedulesTest, AreRefusedWithEveryProblem) {
  EXPECT_EQ(Errors(With(R"([{"cron":"@daily"},{"name":"x"},{"name":"b","cron":"61 * * * *"},{"name":"b","cron":"0 0 30 FEB *"},
                            {"name":"c","cron":"@daily","timezone":"Europe/Berln","overlap":"drop","catch_up":1,"paused":"no"}])")),
            "/schedules/0: the required field \"name\" is missing\n"
            "/schedules/1: the required field \"cron\" is missing\n"
            "/schedules/2/cron: the minute field: found \"61\", expected 0 to 59\n"
            "/schedules/3/name: \"b\" is already the name of schedule 2; it must be unique in the workflow\n"
            "/schedules/3/cron: \"0 0 30 FEB *\" never fires: no month that it names has such a day\n"
            "/schedules/4/timezone: there is no time zone \"Europe/Berln\" in this system's tz database (did you mean \"Europe/Berlin\"?)\n"
            "/schedules/4/overlap: must be one of \"skip\", \"queue\", \"allow\", \"cancel_running\", found the string \"drop\"\n"
            "/schedules/4/catch_up: must be one of \"none\", \"last\", \"all\", found the number 1\n"
            "/schedules/4/paused: must be of type boolean, found the string \"no\"\n");
  EXPECT_NE(Errors(With(R"({"name":"a"})")).find("/schedules: "), std::string::npos);
  EXPECT_NE(Errors(With("[5]")).find("/schedules/0: "), std::string::npos);
  EXPECT_NE(Errors(With(R"([{"name":"a\u0001b","cron":"@daily"}])")).find("/schedules/0/name: must have no control characters"),
            std::string::npos);
}

TEST_F(SchedulesTest, AreRefusedWhateverTheSchemaSays) {
  UseSchema("{}");
  EXPECT_EQ(Errors(With(R"([{"cron":5},{"name":"","cron":"@daily"},7])")),
            "/schedules/0: the required field \"name\" is missing: by it the schedule is known through all versions\n"
            "/schedules/0/cron: must be text, found the number 5\n"
            "/schedules/0/cron: found 0 fields in \"\", expected five: minute hour day-of-month month day-of-week (or six, with the second "
            "before them)\n"
            "/schedules/1/name: has 1 to 200 bytes, found 0\n"
            "/schedules/2: a schedule is an object, found the number 7\n");
  std::string many;
  for (int i = 0; i < 101; ++i) many += (i > 0 ? "," : "") + (R"({"cron":"@daily","name":")" + std::to_string(i) + "\"}");
  EXPECT_EQ(Errors(With("[" + many + "]")), "/schedules: has at most 100 schedules, found 101\n");
}

TEST_F(SchedulesTest, UnknownFieldsAreWarnedOf) {
  EXPECT_EQ(Warnings(With(R"([{"name":"a","cron":"@daily","timezon":"UTC"}])")),
            "/schedules/0/timezon: \"timezon\" is no field of a schedule and is ignored (did you mean \"timezone\"?)\n");
}

TEST_F(SchedulesTest, ZonesAreSuggested) {
  const auto suggestion = [&](const std::string& zone) {
    const std::string text = Errors(With(R"([{"name":"a","cron":"@daily","timezone":")" + zone + "\"}]"));
    const size_t at = text.find("did you mean \"");
    return at == std::string::npos ? text : text.substr(at + 14, text.find('"', at + 14) - at - 14);
  };
  EXPECT_EQ(suggestion("europe/berlin"), "Europe/Berlin");
  EXPECT_EQ(suggestion("Berlin"), "Europe/Berlin");
  EXPECT_EQ(suggestion("America/NewYork"), "America/New_York");
  EXPECT_NE(suggestion("xyzzyx").find("expected a name such as \"Europe/Berlin\" or an offset such as \"+02:00\""), std::string::npos);
  EXPECT_EQ(Errors(With(R"([{"name":"a","cron":"@daily","timezone":"+05:30"}])")), "");
}

TEST_F(SchedulesTest, TheContextMustFit) {
  const std::string schema = R"(,"input_schema":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}})";
  EXPECT_EQ(Errors(With(R"([{"name":"a","cron":"@daily","context":{"n":1}},{"name":"b","cron":"@daily"},
                            {"name":"c","cron":"@daily","context":{"n":"x"}}])",
                        schema)),
            "/schedules/1/context: the required field \"n\" is missing\n"
            "/schedules/2/context/n: must be of type integer, found the string \"x\"\n");
}

TEST_F(SchedulesTest, ExpressionsInAContextAreWarnedOf) {
  EXPECT_EQ(Warnings(With(R"([{"name":"a","cron":"@daily","context":{"l":["{{ now }}"]}}])")),
            "/schedules/0/context/l/0: the context of a schedule is literal: what stands in {{ }} is not evaluated\n");
}

TEST_F(SchedulesTest, ATemplateMayFillThemIn) {
  const Json document =
      ParseJson(With(R"([{"name":"a","cron":"{{ params.cron }}","timezone":"{{ params.zone }}","context":{"n":"{{ params.n }}"}},
                                           {"name":"b","cron":"61 * * * *"}])",
                     R"(,"input_schema":{"properties":{"n":{"type":"integer"}}})"))
          .value();
  const Json params = ParseJson(R"({"properties":{"cron":{},"zone":{},"n":{}}})").value();
  const CheckReport report = checker().Check(document, &params);
  EXPECT_EQ(Text(report.errors), "/schedules/1/cron: the minute field: found \"61\", expected 0 to 59\n");
  EXPECT_EQ(Text(report.warnings), "");
}

TEST_F(SchedulesTest, WhatIsStoredIsReadWithoutItsZone) {
  std::vector<Problem> problems;
  const auto definition =
      ReadDefinition(ParseJson(With(R"([{"name":"a","cron":"@daily","timezone":"Europe/Atlantis"}])")).value(), problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(definition->schedules.at(0).timezone, "Europe/Atlantis");
}

}  // namespace
}  // namespace orc
