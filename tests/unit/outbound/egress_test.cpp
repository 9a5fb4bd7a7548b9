#include "outbound/egress.h"

#include <gmock/gmock.h>

#include "http_service_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

bool Allows(const EgressPolicy& policy, const std::string& host, const std::string& address) {
  const auto egress = Egress::Compile(policy);
  return egress.value().Refusal(host, ParseAddress(address).value()).empty();
}

TEST(EgressTest, PublicAddressesAreAllowed) {
  for (const char* address : {"8.8.8.8", "2606:4700::1111", "172.15.0.1", "172.32.0.1", "11.0.0.1", "128.0.0.1"}) {
    EXPECT_TRUE(Allows({.allow_private = false}, "x", address)) << address;
  }
}

TEST(EgressTest, PrivateAddressesFollowThePolicy) {
  for (const char* address :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"}) {
    EXPECT_TRUE(Allows({.allow_private = true}, "x", address)) << address;
    EXPECT_FALSE(Allows({.allow_private = false}, "x", address)) << address;
  }
  EXPECT_TRUE(Allows({.allow_private = false, .allow = {"10.0.0.0/8"}}, "x", "10.1.2.3"));
  EXPECT_FALSE(Allows({.allow_private = false, .allow = {"10.0.0.0/16"}}, "x", "10.1.2.3"));
  EXPECT_TRUE(Allows({.allow_private = false, .allow = {"fd12::/16"}}, "x", "fd12:1::1"));
}

TEST(EgressTest, LoopbackMustBeListed) {
  for (const char* address :
       {"127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "0.1.2.3", "::", "::ffff:127.0.0.1", "::7f00:1", "2002:7f00:1::"}) {
    EXPECT_FALSE(Allows({}, "x", address)) << address;
    EXPECT_TRUE(Allows({.allow = {"service"}}, "Service.", address)) << address;
    EXPECT_FALSE(Allows({.allow = {"service"}}, "other", address)) << address;
  }
  EXPECT_TRUE(Allows({.allow = {"127.0.0.1"}}, "x", "127.0.0.1"));
  EXPECT_TRUE(Allows({.allow = {"127.0.0.1"}}, "x", "::ffff:127.0.0.1"));
  EXPECT_FALSE(Allows({.allow = {"127.0.0.1"}}, "x", "127.0.0.2"));
  EXPECT_TRUE(Allows({.allow = {"127.0.0.0/8", "[::1]"}}, "x", "127.9.9.9"));
}

TEST(EgressTest, LinkLocalAndMetadataAreNeverAllowed) {
  const EgressPolicy everything{.allow = {"0.0.0.0/0", "::/0", "x"}};
  for (const char* address : {"169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "fd00:ec2::254", "::ffff:169.254.169.254",
                              "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "224.0.0.1", "255.255.255.255", "ff02::1", "100.100.100.200"}) {
    EXPECT_FALSE(Allows(everything, "x", address)) << address;
  }
}

TEST(EgressTest, RefusalsNameTheAddressAndTheSetting) {
  const auto egress = Egress::Compile({.allow_private = false});
  EXPECT_EQ(egress.value().Refusal("db.internal", *ParseAddress("10.0.0.5")),
            "\"db.internal\" leads to 10.0.0.5, a private address: egress.policy is \"public\"; set it to \"internal\" or add \"10.0.0.5\" "
            "to egress.allow");
  EXPECT_EQ(egress.value().Refusal("localhost", *ParseAddress("127.0.0.1")),
            "\"localhost\" leads to 127.0.0.1, a loopback address: add \"127.0.0.1\" to egress.allow if such calls are wanted");
}

TEST(EgressTest, AnEntryThatIsNothingIsRefused) {
  for (const char* entry : {"10.0.0.0/33", "10.0.0.256", "fe80::/129", "a b", "", "http://x", "10.0.0.0/", "1.2.3", "x/8"}) {
    const auto egress = Egress::Compile({.allow = {entry}});
    ASSERT_FALSE(egress.ok()) << entry;
    EXPECT_THAT(egress.error().message, HasSubstr("\"" + std::string(entry) + "\" is neither"));
  }
}

class EgressServiceTest : public HttpServiceTest {};

TEST_F(EgressServiceTest, LoopbackIsDeniedUnlessListedHoweverItIsSpelt) {
  StartService({});
  stub_.On("/", {{.body = "{}"}});
  const std::string port = ":" + std::to_string(stub_.port()) + "/";
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "0",
                                 "0.0.0.0", "example.com@127.0.0.1", "LOCALHOST"}) {
    const auto reply = Get("http://" + host + port);
    EXPECT_EQ(reply.failure, HttpFailure::kEgressDenied) << host << ": " << reply.message;
    EXPECT_THAT(reply.message, HasSubstr("egress.allow")) << host;
  }
  EXPECT_EQ(stub_.connections_accepted(), 0u);
}

TEST_F(EgressServiceTest, AListedHostNameOpensNoDoorForOthers) {
  StartService({.allow = {"localhost"}});
  stub_.On("/", {{.body = "{}"}});
  const std::string port = ":" + std::to_string(stub_.port()) + "/";
  EXPECT_EQ(Get("http://localhost" + port).status, 200);
  // The connection to localhost stays open in the pool, and must not carry a call that names another host.
  EXPECT_EQ(Get("http://127.0.0.1" + port).failure, HttpFailure::kEgressDenied);
  HttpCall call;
  call.url = "http://127.0.0.1" + port;
  call.headers = {{"Host", "localhost"}};
  EXPECT_EQ(Do(call).failure, HttpFailure::kEgressDenied);
  EXPECT_EQ(Get("http://localhost" + port).status, 200);
  EXPECT_EQ(stub_.Count(), 2u);
}

TEST_F(EgressServiceTest, MetadataIsDeniedEvenWhenListed) {
  StartService({.allow = {"169.254.169.254", "127.0.0.1"}});
  const auto reply = Get("http://169.254.169.254/latest/meta-data");
  EXPECT_EQ(reply.failure, HttpFailure::kEgressDenied);
  EXPECT_THAT(reply.message, HasSubstr("never allowed"));
  EXPECT_EQ(ErrorCodeOf(reply.failure), "egress_denied");
}

TEST_F(EgressServiceTest, ABadEntryKeepsTheServiceFromStarting) {
  const auto started = HttpService::Start({.allow = {"10.0.0.0/40"}});
  ASSERT_FALSE(started.ok());
  EXPECT_THAT(started.error().message, HasSubstr("10.0.0.0/40"));
}

}  // namespace
}  // namespace orc::test
