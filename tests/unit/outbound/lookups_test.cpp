#include "outbound/lookups.h"

#include <gmock/gmock.h>

#include "http_service_fixture.h"

namespace orc::test {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(LookupsTest, OneGoesAheadAndTheOthersFollow) {
  Lookups lookups;
  EXPECT_TRUE(lookups.MayBegin("a", 1, 0));
  EXPECT_FALSE(lookups.MayBegin("a", 2, 0));
  EXPECT_FALSE(lookups.MayBegin("a", 3, 0));
  EXPECT_TRUE(lookups.MayBegin("b", 4, 0));
  EXPECT_THAT(lookups.Resolved("a", 0), UnorderedElementsAre(2, 3));
  EXPECT_TRUE(lookups.MayBegin("a", 5, 49'000'000));
  EXPECT_TRUE(lookups.MayBegin("a", 6, 51'000'000));
  EXPECT_FALSE(lookups.MayBegin("a", 7, 51'000'000));
}

TEST(LookupsTest, WhenTheFirstIsGoneTheNextGoesAhead) {
  Lookups lookups;
  for (uint64_t call : {1, 2, 3}) lookups.MayBegin("a", call, 0);
  EXPECT_EQ(lookups.Ended("a", 2), 0u);  // one that waited was cancelled
  EXPECT_EQ(lookups.Ended("a", 1), 3u);
  EXPECT_EQ(lookups.Ended("a", 3), 0u);
  EXPECT_TRUE(lookups.MayBegin("a", 4, 0));
}

TEST(LookupsTest, ANameWithoutAddressFailsForAll) {
  Lookups lookups;
  for (uint64_t call : {1, 2, 3}) lookups.MayBegin("a", call, 0);
  EXPECT_THAT(lookups.Failed("a", 2), IsEmpty());
  EXPECT_THAT(lookups.Failed("a", 1), UnorderedElementsAre(2, 3));
  EXPECT_TRUE(lookups.MayBegin("a", 4, 0));
}

class LookupsServiceTest : public HttpServiceTest {
 protected:
  std::vector<HttpReply> CallMany(const std::string& url, int count) {
    std::vector<Pending> all;
    HttpCall call;
    call.url = url;
    for (int i = 0; i < count; ++i) all.push_back(Begin(call));
    std::vector<HttpReply> replies;
    for (auto& pending : all) replies.push_back(Wait(pending));
    return replies;
  }
};

TEST_F(LookupsServiceTest, CallsByNameAllArrive) {
  stub_.On("/", {{.body = "{}", .delay_ms = 20}});
  for (const auto& reply : CallMany("http://localhost:" + std::to_string(stub_.port()) + "/", 100))
    EXPECT_EQ(reply.status, 200) << reply.message;
}

TEST_F(LookupsServiceTest, ANameThatDoesNotExistFailsEveryCall) {
  for (const auto& reply : CallMany("http://no-such-host.invalid/", 20)) {
    EXPECT_EQ(reply.failure, HttpFailure::kNetwork) << reply.message;
    EXPECT_NE(reply.message.find("no-such-host.invalid"), std::string::npos);
  }
}

TEST_F(LookupsServiceTest, EveryCallByADeniedNameIsDenied) {
  StartService({});
  for (const auto& reply : CallMany("http://localhost:" + std::to_string(stub_.port()) + "/", 20))
    EXPECT_EQ(reply.failure, HttpFailure::kEgressDenied);
}

TEST_F(LookupsServiceTest, CancellingInAnyOrderLosesNobody) {
  stub_.On("/", {{.body = "{}"}});
  HttpCall call;
  call.url = "http://localhost:" + std::to_string(stub_.port()) + "/";
  std::vector<Pending> all;
  for (int i = 0; i < 30; ++i) {
    all.push_back(Begin(call));
    if (i % 2 == 0) service_->Cancel(all.back().id);
  }
  for (auto& pending : all) {
    const auto reply = Wait(pending);
    EXPECT_TRUE(reply.status == 200 || reply.failure == HttpFailure::kCanceled) << reply.message;
  }
}

}  // namespace
}  // namespace orc::test
