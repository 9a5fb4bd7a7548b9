#include "web_extract/resolve_url.h"

#include <gtest/gtest.h>

namespace orc::extract {
namespace {

TEST(ResolveUrl, FollowsRfc3986) {
  const std::string base = "http://a/b/c/d?q";
  const std::pair<const char*, const char*> cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d?q"},
      {"g#s", "http://a/b/c/g"},
      {"", "http://a/b/c/d?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://x/y", "https://x/y"},
      {"http://x", "http://x/"},
      {"http://x?a/../b", "http://x/?a/../b"},
  };
  for (const auto& [reference, expected] : cases) EXPECT_EQ(ResolveUrl(base, reference), expected) << reference;
}

TEST(ResolveUrl, IsAsLenientAsBrowsers) {
  EXPECT_EQ(ResolveUrl("http://a/b/", "  x y\n.html\t"), "http://a/b/x%20y.html");
  EXPECT_EQ(ResolveUrl("http://a/b/", "\\c\\d"), "http://a/c/d");
  EXPECT_EQ(ResolveUrl("http://a/b/", "\xC3\xA4?\xC3\xB6"), "http://a/b/%C3%A4?%C3%B6");
  EXPECT_EQ(ResolveUrl("http://a", "x"), "http://a/x");
  EXPECT_EQ(ResolveUrl("https://a:8/b", "//c/d"), "https://c/d");
}

TEST(ResolveUrl, RefusesOtherSchemes) {
  for (const char* reference :
       {"mailto:a@b", "javascript:alert(1)", "data:text/html,x", "tel:1", "ftp://a/b", "http:", "http:g", "http://", "java\nscript:x"}) {
    EXPECT_EQ(ResolveUrl("http://a/b", reference), "") << reference;
  }
  EXPECT_EQ(ResolveUrl("http://a/b", std::string(20000, 'x')), "");
}

}  // namespace
}  // namespace orc::extract
