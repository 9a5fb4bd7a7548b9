#include "workflow/http_url.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

TEST(JudgeHttpUrl, TakesWhatHasASchemeAndAHost) {
  for (const char* url : {"http://h", "HTTPS://h/", "http://h:80/x?y#z", "http://user:pw@h:1/", "http://[::1]", "http://[::1]:8080/x",
                          "http://h:/", "http://h?a=b:c", "http://h/a:b@c\\d"}) {
    EXPECT_EQ(JudgeHttpUrl(url), "") << url;
  }
}

TEST(JudgeHttpUrl, SaysWhatIsWrong) {
  const auto says = [](std::string_view url, const std::string& part) {
    EXPECT_NE(JudgeHttpUrl(url).find(part), std::string::npos) << url << ": " << JudgeHttpUrl(url);
  };
  for (const char* url : {"", "h", "//h", "http:/h", "ftp://h", "javascript:alert(1)", "x-http://h", "://h"})
    says(url, "must be an http:// or https://");
  for (const char* url : {"http://", "http:///x", "http://?x", "http://#", "http://:80", "http://u@", "http://u@:80/", "http://[]/"})
    says(url, "names no host");
  for (const char* url : {"http://h x", "http://h/\n", "http://h/\r\nHost: x", " http://h", "http://h/\x7f"})
    says(url, url[0] == ' ' ? "must be" : "white space");
  says(std::string_view("http://h\0.x", 11), "control characters");
  says("http://h:65536/", "names the port \"65536\"");
  says("http://h:-1/", "names the port");
  says("http://h:8x/", "names the port");
  says("http://[::1/", "lacks its");
  says("http://good.example\\@127.0.0.1/", "backslash");
}

}  // namespace
}  // namespace orc
