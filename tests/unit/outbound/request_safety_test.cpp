// Nothing gets onto the wire that the caller did not name as such.
#include <gmock/gmock.h>

#include "http_service_fixture.h"

namespace orc::test {
namespace {

using ::testing::HasSubstr;

class RequestSafetyTest : public HttpServiceTest {
 protected:
  void ExpectRefused(HttpCall call, const std::string& what) {
    if (call.url.empty()) call.url = stub_.url("/");
    const auto reply = Do(std::move(call));
    EXPECT_EQ(reply.failure, HttpFailure::kInvalidRequest) << what;
    EXPECT_THAT(reply.message, HasSubstr(what));
    EXPECT_EQ(stub_.Count(), 0u);
  }
  static HttpCall WithHeader(std::string name, std::string value) {
    HttpCall call;
    call.headers.emplace_back(std::move(name), std::move(value));
    return call;
  }
};

TEST_F(RequestSafetyTest, LineBreaksAndNulsAreRefusedEverywhere) {
  ExpectRefused(WithHeader("X-A", "1\r\nX-B: 2"), "the value of the header \"X-A\" contains a carriage return");
  ExpectRefused(WithHeader("X-A", "1\nX-B: 2"), "contains a line feed");
  ExpectRefused(WithHeader("X-A", std::string("1\0002", 3)), "contains a NUL byte");
  ExpectRefused(WithHeader("X-A\r\nX-B", "1"), "the name of a header contains a carriage return");
  ExpectRefused({.method = "GET / HTTP/1.1\r\nX: 1"}, "the method contains a carriage return");
  ExpectRefused({.url = stub_.url("/a\r\nX-B: 2")}, "the URL contains a carriage return");
  ExpectRefused({.url = stub_.url("/a\n")}, "the URL contains a line feed");
  ExpectRefused({.url = stub_.url(std::string("/a\0b", 4))}, "the URL contains a NUL byte");
}

TEST_F(RequestSafetyTest, MethodsAndHeaderNamesMustBeTokens) {
  ExpectRefused({.method = ""}, "is not a token");
  ExpectRefused({.method = "GET /"}, "is not a token");
  ExpectRefused({.method = "CONNECT"}, "CONNECT");
  ExpectRefused(WithHeader("", "1"), "is not a token");
  ExpectRefused(WithHeader("X A", "1"), "is not a token");
  ExpectRefused(WithHeader("X-A:", "1"), "is not a token");
}

TEST_F(RequestSafetyTest, TheFramingIsTheServicesOwn) {
  ExpectRefused(WithHeader("Transfer-Encoding", "chunked"), "framed by the server");
  ExpectRefused(WithHeader("content-length", "5"), "the body has 0 bytes");
  stub_.On("/", {{.body = "{}"}});
  HttpCall call = WithHeader("Content-Length", "2");
  call.method = "POST";
  call.body = "hi";
  call.url = stub_.url("/");
  EXPECT_EQ(Do(call).status, 200);
  EXPECT_EQ(stub_.requests().at(0).Header("content-length"), "2");
}

TEST_F(RequestSafetyTest, OnlyHttpUrlsAreCalled) {
  ExpectRefused({.url = "file:///etc/passwd"}, "\"file\"");
  ExpectRefused({.url = "ftp://127.0.0.1/"}, "\"ftp\"");
  ExpectRefused({.url = "gopher://127.0.0.1/"}, "\"gopher\"");
  ExpectRefused({.url = "127.0.0.1/"}, "must begin with http");
  ExpectRefused({.url = "http://"}, "URL");
  ExpectRefused({.url = "http://127.0.0.1:99999/"}, "can't be read");
}

TEST_F(RequestSafetyTest, AnEmptyUrlIsNamed) {
  const auto reply = Do({});
  EXPECT_EQ(reply.failure, HttpFailure::kInvalidRequest);
  EXPECT_EQ(reply.message, "the URL is empty");
}

TEST_F(RequestSafetyTest, TooManyHeadersAreRefused) {
  HttpCall call;
  for (int i = 0; i < 101; ++i) call.headers.emplace_back("X-" + std::to_string(i), "v");
  ExpectRefused(call, "101 headers");
  ExpectRefused(WithHeader("X-Long", std::string(70'000, 'x')), "the limit is 65536");
}

}  // namespace
}  // namespace orc::test
