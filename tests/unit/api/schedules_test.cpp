// Schedules over HTTP: what versions make of them, pause and resume, previews.
#include "base/rfc3339.h"
#include "unit/api/api_fixture.h"

namespace orc::test {
namespace {

class SchedulesApi : public ApiTest {
 protected:
  static std::string Document(const std::string& schedules) {
    return R"({"name":"demo","key":"demo","steps":[{"name":"one","action":"test.do","input":{"output":1}}],"schedules":)" + schedules + "}";
  }
  std::string Make(const std::string& schedules) {
    const RawAnswer answer = Post("/v1/workflows", Document(schedules));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return Text(answer.json(), "id");
  }
  JsonArray List(const std::string& query = "") {
    const RawAnswer answer = Get("/v1/schedules" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Find(answer.json(), "items")->as_array();
  }
  Json OneOf(const std::string& name) {
    for (const Json& schedule : List()) {
      if (Text(schedule, "name") == name) return schedule;
    }
    ADD_FAILURE() << "no schedule " << name;
    return JsonObject();
  }
};

TEST_F(SchedulesApi, AreThoseOfTheCurrentVersion) {
  const std::string workflow = Make(R"([{"name":"a","cron":"0 9 * * MON-FRI","timezone":"Europe/Berlin","overlap":"queue","catch_up":"last",
                                         "context":{"n":1.0}},{"name":"b","cron":"@hourly"}])");
  const Json schedule = OneOf("a");
  const std::string id = Text(schedule, "id");
  EXPECT_TRUE(id.starts_with("sch_"));
  EXPECT_EQ(Text(schedule, "workflow_id"), workflow);
  EXPECT_EQ(Text(schedule, "cron"), "0 9 * * MON-FRI");
  EXPECT_EQ(Text(schedule, "timezone"), "Europe/Berlin");
  EXPECT_EQ(Text(schedule, "overlap"), "queue");
  EXPECT_EQ(Text(schedule, "catch_up"), "last");
  EXPECT_EQ(PrintJson(*Find(schedule, "context")), R"({"n":1.0})");
  EXPECT_GT(ParseRfc3339(Text(schedule, "next_at")).value_or(0), clock.NowUs());
  EXPECT_TRUE(Find(schedule, "last_fired_at")->is_null());
  EXPECT_EQ(Get("/v1/schedules/" + id).json(), schedule);

  EXPECT_EQ(Call("PUT", "/v1/workflows/demo", Document(R"([{"name":"a","cron":"@daily"}])")).status, 200);
  EXPECT_EQ(List().size(), 1u);
  EXPECT_EQ(Text(OneOf("a"), "id"), id);
  EXPECT_EQ(Text(OneOf("a"), "cron"), "@daily");
  EXPECT_EQ(IntAt(OneOf("a"), "workflow_version"), 2);

  EXPECT_EQ(Post("/v1/workflows/demo/rollback", R"({"version":1})").status, 200);
  EXPECT_EQ(List().size(), 2u);
  EXPECT_EQ(Text(OneOf("a"), "id"), id);
  EXPECT_EQ(Text(OneOf("a"), "cron"), "0 9 * * MON-FRI");
  EXPECT_EQ(IntAt(OneOf("b"), "workflow_version"), 3);

  EXPECT_EQ(Call("DELETE", "/v1/workflows/demo").status, 204);
  EXPECT_EQ(List().size(), 0u);
  const Json gone = Get("/v1/schedules/" + id).json();
  EXPECT_FALSE(BoolAt(gone, "active", true));
  EXPECT_TRUE(Find(gone, "next_at")->is_null());
  ExpectProblem(Post("/v1/schedules/" + id + "/pause"), 409);
}

TEST_F(SchedulesApi, AVersionThatIsRefusedLeavesThemAlone) {
  Make(R"([{"name":"a","cron":"@hourly"}])");
  const Json problem = ExpectProblem(Call("PUT", "/v1/workflows/demo", Document(R"([{"name":"a","cron":"99 * * * *"}])")), 422);
  EXPECT_EQ(Text(Find(problem, "errors")->as_array().at(0), "pointer"), "/schedules/0/cron");
  EXPECT_EQ(Call("PUT", "/v1/workflows/demo", Document("[]"), {{"If-Match", "\"7\""}}).status, 412);
  EXPECT_EQ(Text(OneOf("a"), "cron"), "@hourly");
}

TEST_F(SchedulesApi, PauseAndResume) {
  Make(R"([{"name":"a","cron":"@hourly"},{"name":"p","cron":"@hourly","paused":true}])");
  EXPECT_TRUE(BoolAt(OneOf("p"), "paused", false));
  EXPECT_TRUE(Find(OneOf("p"), "next_at")->is_null());
  const std::string id = Text(OneOf("a"), "id");
  for (int i = 0; i < 2; ++i) {
    const RawAnswer paused = Post("/v1/schedules/" + id + "/pause");
    ASSERT_EQ(paused.status, 202) << paused.body;
    EXPECT_TRUE(BoolAt(paused.json(), "paused", false));
    EXPECT_TRUE(Find(paused.json(), "next_at")->is_null());
    EXPECT_EQ(Get("/v1/schedules/" + id).json(), paused.json());
  }
  // It outlives versions.
  EXPECT_EQ(Call("PUT", "/v1/workflows/demo", Document(R"([{"name":"a","cron":"@daily","paused":false}])")).status, 200);
  EXPECT_TRUE(BoolAt(OneOf("a"), "paused", false));
  const RawAnswer resumed = Post("/v1/schedules/" + id + "/resume");
  ASSERT_EQ(resumed.status, 202) << resumed.body;
  EXPECT_FALSE(BoolAt(resumed.json(), "paused", true));
  EXPECT_GT(ParseRfc3339(Text(resumed.json(), "next_at")).value_or(0), clock.NowUs());
  EXPECT_EQ(Get("/v1/schedules/" + id).json(), resumed.json());
  ExpectProblem(Post("/v1/schedules/sch_none/pause"), 404);
  ExpectProblem(Get("/v1/schedules/sch_none"), 404);
}

TEST_F(SchedulesApi, ARepeatedPauseIsAnsweredFromTheFirst) {
  Make(R"([{"name":"a","cron":"@hourly"}])");
  const std::string target = "/v1/schedules/" + Text(OneOf("a"), "id");
  const RawAnswer first = Call("POST", target + "/pause", "", {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(Post(target + "/resume").status, 202);
  const RawAnswer again = Call("POST", target + "/pause", "", {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.header("idempotent-replayed"), "true");
  EXPECT_FALSE(BoolAt(Get(target).json(), "paused", true));
}

TEST_F(SchedulesApi, ListsHavePagesAndAFilter) {
  const std::string workflow = Make(R"([{"name":"a","cron":"@hourly"},{"name":"b","cron":"@hourly"},{"name":"c","cron":"@hourly"}])");
  EXPECT_EQ(List("?workflow_id=" + workflow).size(), 3u);
  EXPECT_EQ(List("?workflow_id=demo").size(), 3u);
  EXPECT_EQ(List("?workflow_id=wf_none").size(), 0u);
  const Json page = Get("/v1/schedules?limit=2").json();
  EXPECT_EQ(Find(page, "items")->as_array().size(), 2u);
  const Json rest = Get("/v1/schedules?limit=2&cursor=" + Text(page, "next_cursor")).json();
  EXPECT_EQ(Find(rest, "items")->as_array().size(), 1u);
  EXPECT_TRUE(Find(rest, "next_cursor")->is_null());
  ExpectProblem(Get("/v1/schedules?workflow=x"), 400);
}

TEST_F(SchedulesApi, PreviewsInUtcAndByTheClocksOfTheZone) {
  Make(R"([{"name":"a","cron":"30 9 * * *","timezone":"Asia/Kolkata"}])");
  const RawAnswer preview = Get("/v1/schedules/" + Text(OneOf("a"), "id") + "/preview?count=3");
  ASSERT_EQ(preview.status, 200) << preview.body;
  const Json document = preview.json();
  const JsonArray& items = Find(document, "items")->as_array();
  ASSERT_EQ(items.size(), 3u);
  int64_t before_us = clock.NowUs() - 1'000'000;
  for (const Json& item : items) {
    EXPECT_TRUE(Text(item, "local").ends_with("T09:30:00+05:30")) << preview.body;
    EXPECT_TRUE(Text(item, "at").ends_with("T04:00:00.000000Z")) << preview.body;
    const int64_t at_us = ParseRfc3339(Text(item, "at")).value_or(0);
    EXPECT_EQ(ParseRfc3339(Text(item, "local")), at_us);
    EXPECT_GT(at_us, before_us);
    before_us = at_us;
  }
  EXPECT_EQ(Text(OneOf("a"), "next_at"), Text(items[0], "at"));
  EXPECT_EQ(Find(Get("/v1/schedules/" + Text(OneOf("a"), "id") + "/preview").json(), "items")->as_array().size(), 10u);
  ExpectProblem(Get("/v1/schedules/" + Text(OneOf("a"), "id") + "/preview?count=101"), 400);
}

TEST_F(SchedulesApi, AnExpressionIsPreviewedBeforeItIsStored) {
  const RawAnswer preview = Get("/v1/schedules/preview?cron=0+0+1+1+*&timezone=America/New_York&count=2");
  ASSERT_EQ(preview.status, 200) << preview.body;
  EXPECT_EQ(Text(preview.json(), "timezone"), "America/New_York");
  ASSERT_EQ(Find(preview.json(), "items")->as_array().size(), 2u);
  EXPECT_TRUE(Text(Find(preview.json(), "items")->as_array()[0], "local").ends_with("-01-01T00:00:00-05:00")) << preview.body;
  EXPECT_EQ(Get("/v1/schedules/preview?cron=@daily").status, 200);
  EXPECT_EQ(Text(Get("/v1/schedules/preview?cron=@daily&timezone=+02:00").json(), "timezone"), "+02:00");
  const auto detail = [&](const std::string& query) { return Text(ExpectProblem(Get("/v1/schedules/preview" + query), 400), "detail"); };
  EXPECT_NE(detail("").find("\"cron\" is missing"), std::string::npos);
  EXPECT_NE(detail("?cron=61+*+*+*+*").find("the minute field: found \"61\", expected 0 to 59"), std::string::npos);
  EXPECT_NE(detail("?cron=@daily&timezone=Berlin").find("did you mean \"Europe/Berlin\""), std::string::npos);
}

}  // namespace
}  // namespace orc::test
