#include "web_extract/html_page.h"

#include <gtest/gtest.h>

#include "web_extract/charset.h"

namespace orc::extract {
namespace {

Json Page(std::string_view html, std::string_view content_type = "text/html; charset=utf-8", PageOptions options = {}) {
  auto page = ReadPage(html, content_type, "http://site/dir/page", options);
  EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().message);
  return page.ok() ? *page : Json();
}
std::string Text(std::string_view html) { return std::string(StringAt(Page(html), "text")); }

TEST(ReadPage, GivesTitleTextLinksAndMetadata) {
  const Json page = Page(R"(<!DOCTYPE html><html lang="en"><head><title> A
      page </title><meta name="description" content="About  it"><meta property="og:title" content="OG"><meta property="og:image" content="/i.png">
      <meta name="Author" content="Ana"><meta property="article:published_time" content="2024-05-01"><link rel="canonical" href="/canonical">
      <style>p{}</style><script>var x = "<p>no</p>";</script></head>
      <body><nav><a href="/home">Home</a></nav><h1>Head</h1><p>One <b>bold</b>
      word.<br>Next</p><ul><li>a</li><li>b</li></ul><script>no()</script>
      <p><a href="../up?x=1#frag">up</a> <a href="mailto:x@y">mail</a> <a href="https://other/ä">other <i>site</i></a> <a href="#here">here</a>
      <a href="../up?x=1">again</a><a href="/pic"><img src="x" alt="picture"></a></p><footer>foot</footer></body></html>)");
  EXPECT_EQ(page.at("title").as_string(), "A page");
  EXPECT_EQ(page.at("text").as_string(), "Head\nOne bold word.\nNext\na\nb\nup mail other site here again");
  EXPECT_EQ(page.at("url").as_string(), "http://site/dir/page");
  EXPECT_FALSE(page.at("truncated").as_bool());
  EXPECT_EQ(page.at("links"), ParseJson(R"([{"url":"http://site/home","text":"Home"},{"url":"http://site/up?x=1","text":"up"},
    {"url":"https://other/%C3%A4","text":"other site"},{"url":"http://site/pic","text":"picture"}])")
                                  .value());
  EXPECT_EQ(page.at("metadata"), ParseJson(R"({"language":"en","description":"About it","author":"Ana","published_at":"2024-05-01",
    "canonical":"http://site/canonical","og":{"title":"OG","image":"/i.png"}})")
                                     .value())
      << PrintJson(page.at("metadata"));
}

TEST(ReadPage, PrefersTheArticleThatHoldsMost) {
  EXPECT_EQ(Text("<body><div>menu</div><main><div>crumbs</div><article><p>The long article text.</p></article></main></body>"),
            "The long article text.");
  EXPECT_EQ(Text("<body><p>A long text around it, much longer.</p><article>short</article></body>"),
            "A long text around it, much longer.\nshort");
  EXPECT_EQ(
      Text("<body><div>x</div><main><article>first one</article><article>second one</article><article>third one</article></main></body>"),
      "first one\nsecond one\nthird one");
  EXPECT_EQ(Text("<body><div>menu</div><div role=main>all of the text</div></body>"), "all of the text");
}

TEST(ReadPage, LeavesOutWhatNobodyReads) {
  EXPECT_EQ(
      Text("<p>a</p><p "
           "hidden>b</p><template>c</template><noscript>d</noscript><select><option>e</select><svg><title>f</title></svg><aside>g</aside>"),
      "a");
  EXPECT_EQ(Text("<nav>only navigation</nav>"), "only navigation");  // better than nothing
}

TEST(ReadPage, FoldsWhiteSpaceButNotInPre) {
  EXPECT_EQ(Text("<p>a \n\t b</p>   <p> </p><pre>x\n  y\n\n\nz</pre><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"),
            "a b\nx\n  y\n\nz\n1 2\n3");
  EXPECT_EQ(Text("a&nbsp;b &lt;c&gt; &#228; &bogus; &amp;"),
            "a\xC2\xA0"
            "b <c> \xC3\xA4 &bogus; &");
}

TEST(ReadPage, CutsBetweenCharacters) {
  PageOptions options;
  options.max_chars = 5;
  options.max_links = 1;
  const Json page = Page("<p>\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4</p><a href=/1>1</a><a href=/2>2</a>", "text/html", options);
  EXPECT_EQ(page.at("text").as_string(), "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4");
  EXPECT_TRUE(page.at("truncated").as_bool());
  EXPECT_EQ(page.at("links").as_array().size(), 1u);
  options.max_chars = 3;
  EXPECT_EQ(Page("<p>abc</p> ", "text/html", options).at("truncated").as_bool(), false);
  EXPECT_EQ(Page("abcd", "text/plain", options).at("text").as_string(), "abc");
}

TEST(ReadPage, TakesTheTitleFromWhereItIs) {
  EXPECT_EQ(StringAt(Page("<svg><title>icon</title></svg><title>Real</title>"), "title"), "Real");
  EXPECT_EQ(StringAt(Page("<meta property=og:title content=Open><h1>Head</h1>"), "title"), "Open");
  EXPECT_EQ(StringAt(Page("<h1>The <i>head</i></h1>"), "title"), "The head");
  EXPECT_EQ(StringAt(Page("<p>x"), "title"), "");
}

TEST(ReadPage, ResolvesAgainstBaseHref) {
  const Json page = Page("<head><base href='/other/'></head><body><a href='x'>x</a></body>");
  EXPECT_EQ(page.at("links").at(0).at("url").as_string(), "http://site/other/x");
}

TEST(ReadPage, RefusesWhatIsNoPage) {
  const auto pdf = ReadPage("%PDF", "application/pdf", "http://site/", {});
  EXPECT_EQ(pdf.error().message,
            "the page has the Content-Type \"application/pdf\"; text/html, application/xhtml+xml or text/plain is expected");
  EXPECT_FALSE(ReadPage("{}", "application/json", "http://site/", {}).ok());
  EXPECT_FALSE(ReadPage("what", "", "http://site/", {}).ok());
  EXPECT_TRUE(ReadPage(" <html>", "", "http://site/", {}).ok());
  EXPECT_TRUE(ReadPage("", "text/html", "http://site/", {}).ok());
  EXPECT_EQ(StringAt(Page("a\nb", "Text/Plain; charset=utf-8"), "text"), "a\nb");
  EXPECT_EQ(StringAt(Page("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>x</p></body></html>",
                          "application/xhtml+xml"),
                     "text"),
            "x");
}

TEST(DecodePage, BelievesMarkThenHeaderThenMeta) {
  EXPECT_EQ(DecodePage("\xE4", "text/html; charset=ISO-8859-1", true), "\xC3\xA4");
  EXPECT_EQ(DecodePage("\xE4", "text/html; Charset=\"iso-8859-15\"", true), "\xC3\xA4");
  EXPECT_EQ(DecodePage("<meta charset='windows-1251'>\xE4", "text/html", true), "<meta charset='windows-1251'>\xD0\xB4");
  EXPECT_TRUE(DecodePage("<meta http-equiv=x content=\"text/html; charset=shift_jis\">\x82\xA0", "", true).ends_with(">\xE3\x81\x82"));
  EXPECT_EQ(DecodePage("<meta charset=koi8-r>\xC3\xA4", "text/html; charset=utf-8", true), "<meta charset=koi8-r>\xC3\xA4");
  EXPECT_EQ(DecodePage(std::string_view("\xFF\xFE"
                                        "a\0\xE4\0",
                                        6),
                       "text/html; charset=utf-8", true),
            "a\xC3\xA4");
  EXPECT_EQ(DecodePage(std::string_view("\xFE\xFF\0a", 4), "", true), "a");
}

TEST(DecodePage, GuessesWellAndNeverGivesBadText) {
  EXPECT_EQ(DecodePage("\xC3\xA4", "text/html", true), "\xC3\xA4");                // says nothing, is UTF-8
  EXPECT_EQ(DecodePage("\x80 \xE4", "text/html", true), "\xE2\x82\xAC \xC3\xA4");  // says nothing, is not
  EXPECT_EQ(DecodePage("\xE4", "text/html; charset=x-no-such", true), "\xC3\xA4");
  EXPECT_EQ(DecodePage("a\xFFz", "text/html; charset=utf-8", true), "a\xEF\xBF\xBDz");
  EXPECT_EQ(DecodePage(std::string_view("a\0b", 3), "text/html", true),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(DecodePage("\x82", "text/html; charset=shift_jis", true), "\xEF\xBF\xBD");
  EXPECT_EQ(DecodePage("\xE4", "text/html; charset=utf-8//TRANSLIT", true), "\xEF\xBF\xBD");
  EXPECT_TRUE(IsUtf8(DecodePage(std::string(100, '\x1B') + "\xFF", "text/html; charset=iso-2022-jp", true)));
}

TEST(ReadPage, BearsHostilePages) {
  const auto repeat = [](std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string pages[] = {
      repeat("<div>", 100'000) + "deep" + repeat("</div>", 100'000),
      repeat("<a href='/x'>", 20'000),
      repeat("<table><tr><td>", 20'000),
      repeat("<p><b><i><font>", 20'000),
      repeat("<article>", 50'000) + "text",
      "<p>" + std::string(8 << 20, 'x'),
      "<!--" + std::string(1 << 20, '-'),
      "<a href=\"" + std::string(1 << 20, 'x'),
      "<script>" + repeat("<!--<script>", 50'000),
      repeat("&#x10FFFF;&#0;&#xD800;&amp", 20'000),
      repeat("</div></p></b>", 50'000),
      repeat("<title>", 30'000),
      std::string(200'000, '<'),
      repeat("<x y=z ", 100'000),
  };
  for (const auto& html : pages) {
    const auto page = ReadPage(html, "text/html", "http://site/", {});
    ASSERT_TRUE(page.ok());
    EXPECT_TRUE(IsUtf8(StringAt(*page, "text")));
    EXPECT_TRUE(CheckJson(PrintJson(*page)).ok());
  }
}

TEST(ReadPage, SaysThatTooDeepAPageIsCut) {
  std::string deep = "<p>before</p>";
  for (int i = 0; i < 1000; ++i) deep += "<div>";
  const Json page = Page(deep + "lost");
  EXPECT_EQ(StringAt(page, "text"), "before");
  EXPECT_TRUE(page.at("truncated").as_bool());
}

}  // namespace
}  // namespace orc::extract
