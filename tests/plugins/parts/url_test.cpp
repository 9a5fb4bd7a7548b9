#include "service/url.h"

#include <gtest/gtest.h>

#include "service/percent.h"

namespace orc::service {
namespace {

TEST(CheckUrl, TakesHttpAndHttpsAndEncodesWhatIsIllegal) {
  EXPECT_EQ(CheckUrl("http://host").value(), "http://host/");
  EXPECT_EQ(CheckUrl("HTTPS://Host:8443/a b?q=\xC3\xA4&r=%20#part").value(), "https://Host:8443/a%20b?q=%C3%A4&r=%20");
  EXPECT_EQ(CheckUrl("http://[::1]:80/x").value(), "http://[::1]:80/x");
  EXPECT_EQ(CheckUrl("http://h/100%/%zz").value(), "http://h/100%25/%25zz");
  EXPECT_EQ(CheckUrl("http://h?q=1").value(), "http://h/?q=1");
}

TEST(CheckUrl, SaysWhatIsWrong) {
  EXPECT_EQ(CheckUrl("ftp://host/x").error().message, "the URL \"ftp://host/x\" has the scheme \"ftp\"; http or https is expected");
  EXPECT_EQ(CheckUrl("host/x").error().message, "the URL \"host/x\" does not begin with http:// or https://");
  for (const char* secret :
       {"http://bob:secret@h\x01/p?token=secret", "h/x?token=secret", "bob:secret@h/x", "http://bob:secret@/?secret"}) {
    const std::string said = CheckUrl(secret).error().message;
    EXPECT_EQ(said.find("secret"), std::string::npos) << said;
  }
  EXPECT_EQ(CheckUrl("http:///x").error().message, "the URL \"http:///x\" names no host");
  EXPECT_FALSE(CheckUrl("").ok());
  EXPECT_FALSE(CheckUrl("http:host").ok());
  EXPECT_FALSE(CheckUrl("http://a\r\nX: y/").ok());
  EXPECT_FALSE(CheckUrl("http://example.com\\@127.0.0.1/").ok());
  EXPECT_FALSE(CheckUrl("http://a b/").ok());
  EXPECT_FALSE(CheckUrl("javascript://x/%0aalert(1)").ok());
}

TEST(CheckUrl, NeverShowsCredentialsOrTheQuery) {
  EXPECT_EQ(ShownUrl("https://user:secret@host/p?token=1"), "https://host/p");
  EXPECT_EQ(CheckUrl("ftp://user:secret@host/p?token=1").error().message.find("secret"), std::string::npos);
  EXPECT_EQ(ShownUrl("http://h/" + std::string(1000, 'a')).size(), 203u);
}

TEST(CheckBaseUrl, HasNeitherQueryNorSlashAtTheEnd) {
  EXPECT_EQ(CheckBaseUrl("http://h/api//").value(), "http://h/api");
  EXPECT_FALSE(CheckBaseUrl("http://h/?x=1").ok());
  EXPECT_FALSE(CheckBaseUrl("http://h/#x").ok());
}

TEST(JoinPath, StaysBelowTheBase) {
  EXPECT_EQ(JoinPath("http://h/api", "/v1/x").value(), "http://h/api/v1/x");
  EXPECT_EQ(JoinPath("http://h/api/", "v1/x y").value(), "http://h/api/v1/x%20y");
  EXPECT_EQ(JoinPath("http://h", "projects/group%2Fname/files/a#b").value(), "http://h/projects/group%2Fname/files/a%23b");
  EXPECT_EQ(JoinPath("http://h/api", "x?a=1&b=\xC3\xA4").value(), "http://h/api/x?a=1&b=%C3%A4");
  EXPECT_EQ(JoinPath("http://h/api?key=1", "x?a=1").value(), "http://h/api/x?a=1&key=1");
  EXPECT_EQ(JoinPath("http://h/api", "things:batch").value(), "http://h/api/things:batch");
  EXPECT_EQ(JoinPath("http://h/api", "a..b/...").value(), "http://h/api/a..b/...");
  EXPECT_EQ(JoinPath("http://h/api", "").value(), "http://h/api/");
}

TEST(JoinPath, RefusesWhatCouldLeaveIt) {
  for (const std::string path : {"../x", "a/../../x", "/..", ".", "a/./b", "%2e%2e/x", "a/%2E%2e/b", "..%2fx", "a/..%5Cb", "a\\..\\b",
                                 "//evil/x", "http://evil/x", "https://evil", "a\nb", "a\tb"}) {
    EXPECT_FALSE(JoinPath("http://h/api", path).ok()) << path;
  }
  EXPECT_TRUE(JoinPath("http://h", "x?next=../y").ok());  // a query may say what it likes
}

TEST(AddQuery, EncodesAndFindsNames) {
  std::string url = AddQuery("http://h/s", "q", "a b&c=\xC3\xA4#\r\n");
  EXPECT_EQ(url, "http://h/s?q=a%20b%26c%3D%C3%A4%23%0D%0A");
  url = AddQuery(url, "p[]", "1");
  EXPECT_TRUE(url.ends_with("&p%5B%5D=1"));
  EXPECT_EQ(AddQuery("http://h/s?", "a", "1"), "http://h/s?a=1");
  EXPECT_TRUE(HasQuery(url, "p[]"));
  EXPECT_TRUE(HasQuery("http://h/?a&b=1", "a"));
  EXPECT_FALSE(HasQuery("http://h/?ab=1", "a"));
  EXPECT_FALSE(HasQuery("http://h/", "a"));
}

TEST(OriginOf, ForgetsCaseCredentialsAndDefaultPorts) {
  EXPECT_EQ(OriginOf("HTTP://U:p@Host:80/x"), "http://host");
  EXPECT_EQ(OriginOf("https://host:443"), OriginOf("https://host/"));
  EXPECT_NE(OriginOf("https://host:80/"), OriginOf("https://host/"));
  EXPECT_EQ(OriginOf("mailto:x"), "");
}

TEST(Percent, DecodesOnce) {
  EXPECT_EQ(PercentDecode("%252e%41%"), "%2eA%");
  EXPECT_EQ(PercentEncode("a/b~"), "a%2Fb~");
}

}  // namespace
}  // namespace orc::service
