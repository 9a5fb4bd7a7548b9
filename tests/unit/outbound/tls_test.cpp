#include <gmock/gmock.h>

#include "http_service_fixture.h"
#include "tls_server.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

class TlsTest : public HttpServiceTest {
 protected:
  TlsTest() { StartService({.allow = {"127.0.0.0/8"}}); }
  HttpReply Call(const std::string& host, bool verify, const std::string& ca_file) {
    HttpCall call;
    call.url = server_.url(host);
    call.verify_tls = verify;
    call.ca_file = ca_file;
    return Do(call);
  }
  TlsServer server_;
};

TEST_F(TlsTest, AnUnknownIssuerIsRefused) {
  const auto reply = Call("localhost", true, "");
  EXPECT_EQ(reply.failure, HttpFailure::kTls) << reply.message;
  EXPECT_EQ(ErrorCodeOf(reply.failure), "tls");
  EXPECT_THAT(reply.message, HasSubstr("certificate"));
}

TEST_F(TlsTest, ACaFileMakesItKnown) { EXPECT_EQ(Call("localhost", true, server_.ca_file()).status, 200); }

TEST_F(TlsTest, TheNameMustFit) {
  const auto reply = Call("127.0.0.1", true, server_.ca_file());
  EXPECT_EQ(reply.failure, HttpFailure::kTls) << reply.message;
  EXPECT_THAT(reply.message, HasSubstr("127.0.0.1"));
}

TEST_F(TlsTest, VerificationCanBeSwitchedOffForOneCallOnly) {
  EXPECT_EQ(Call("localhost", false, "").status, 200);
  EXPECT_EQ(Call("localhost", true, "").failure, HttpFailure::kTls);
}

TEST_F(TlsTest, ACaFileThatIsNoneIsNamed) {
  const auto reply = Call("localhost", true, "/nowhere/ca.pem");
  EXPECT_EQ(reply.failure, HttpFailure::kTls);
  EXPECT_THAT(reply.message, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(TlsTest, PlainHttpToATlsPortFailsCleanly) {
  HttpCall call;
  call.url = server_.url("127.0.0.1").replace(0, 5, "http");
  const auto reply = Do(call);
  EXPECT_NE(reply.failure, HttpFailure::kNone);
}

}  // namespace
}  // namespace orc::test
