// web.extract and http against real pages from an nginx.
#include <filesystem>

#include "plugins/actions/action_fixture.h"
#include "plugins/real/child_process.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

class Nginx : public ActionTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/sbin/nginx")) GTEST_SKIP() << "nginx is not installed";
    port_ = FreePort();
    const std::string root = folder_ + "/www";
    std::filesystem::create_directories(root + "/articles");
    std::filesystem::create_directories(folder_ + "/logs");
    WriteFile(root + "/articles/index.html",
              "<!DOCTYPE html><html lang=de><head><title>\xC3\x9C"
              "ber Z\xC3\xBCge</title></head><body><nav><a href=/>Start</a></nav><main><h1>Z\xC3\xBCge</h1><p>Sie fahren "
              "<em>p\xC3\xBCnktlich</em>, <a href='sub/next.html'>immer</a>.</p></main></body></html>");
    WriteFile(root + "/latin1.html",
              "<title>Gr\xFC\xDF"
              "e</title><p>Gr\xFC\xDF"
              "e aus K\xF6ln</p>");
    WriteFile(root + "/plain.txt", "just\ntext\n");
    WriteFile(root + "/picture.png", "\x89PNG\r\n");
    std::string big = "<title>Big</title><body>";
    for (int i = 0; i < 40'000; ++i)
      big += "<p>paragraph number " + std::to_string(i) + " with <a href=/p/" + std::to_string(i) + ">a link</a></p>";
    WriteFile(root + "/big.html", big);
    WriteFile(folder_ + "/nginx.conf", Conf(root));
    nginx_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"/usr/sbin/nginx", "-p", folder_, "-c", folder_ + "/nginx.conf", "-e", folder_ + "/logs/error.log"},
        folder_ + "/nginx.out");
    ASSERT_TRUE(nginx_->WaitForPort(port_)) << nginx_->Log();
  }
  std::string Conf(const std::string& root) const {
    const std::string f = folder_;
    return "daemon off; master_process off; pid " + f + "/nginx.pid; error_log " + f +
           "/logs/error.log; events {}\n"
           "http { access_log off; types { text/html html; text/plain txt; image/png png; } client_body_temp_path " +
           f + "/b; proxy_temp_path " + f + "/p; fastcgi_temp_path " + f + "/f; uwsgi_temp_path " + f + "/u; scgi_temp_path " + f +
           "/s;\n"
           "server { listen 127.0.0.1:" +
           std::to_string(port_) + "; root " + root +
           "; gzip on;\n"
           "location = /latin1.html { charset iso-8859-1; } location = /articles/index.html { charset utf-8; }\n"
           "location = /moved { return 301 /articles/; } location = /limited { return 429; } } }\n";
  }
  std::string Url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  AttemptFinished Extract(const std::string& path, const std::string& more = "") {
    return Do("web.extract", "{\"url\":\"" + Url(path) + "\"" + more + "}");
  }
  Json Read(const std::string& path, const std::string& more = "") {
    const auto end = Extract(path, more);
    EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
    return Parse(end.output.empty() ? "null" : end.output);
  }

  int port_ = 0;
  std::unique_ptr<ChildProcess> nginx_;
};

TEST_F(Nginx, PagesAreReadWhereverTheyAre) {
  const Json page = Read("/moved");
  EXPECT_EQ(page.at("url").as_string(), Url("/articles/"));
  EXPECT_EQ(page.at("title").as_string(),
            "\xC3\x9C"
            "ber Z\xC3\xBCge");
  EXPECT_EQ(page.at("text").as_string(), "Z\xC3\xBCge\nSie fahren p\xC3\xBCnktlich, immer.");
  EXPECT_EQ(page.at("links"), Parse("[{\"url\":\"" + Url("/") + "\",\"text\":\"Start\"},{\"url\":\"" + Url("/articles/sub/next.html") +
                                    "\",\"text\":\"immer\"}]"));
  EXPECT_EQ(page.at("metadata").at("language").as_string(), "de");
  EXPECT_EQ(StringAt(Read("/latin1.html"), "text"),
            "Gr\xC3\xBC\xC3\x9F"
            "e aus K\xC3\xB6ln");
  EXPECT_EQ(StringAt(Read("/plain.txt"), "text"), "just\ntext\n");
}

TEST_F(Nginx, BigPagesAreReadAndCut) {
  const Json page = Read("/big.html", ",\"max_chars\":1000,\"max_links\":10");
  EXPECT_EQ(StringAt(page, "text").size(), 1000u);
  EXPECT_TRUE(page.at("truncated").as_bool());
  EXPECT_EQ(page.at("links").as_array().size(), 10u);
}

TEST_F(Nginx, WhatIsNoPageIsRefused) {
  EXPECT_THAT(Extract("/picture.png").error.message, HasSubstr("image/png"));
  EXPECT_EQ(Extract("/none.html").http_code, 404);
  const auto limited = Extract("/limited");
  EXPECT_EQ(limited.http_code, 429);
  EXPECT_TRUE(limited.error.retryable);
}

TEST_F(Nginx, HttpTakesBytesAsTheyAre) {
  const auto end = Do("http", "{\"method\":\"GET\",\"url\":\"" + Url("/picture.png") + "\"}");
  EXPECT_EQ(end.output, "{\"base64\":\"iVBORw0K\"}");
  EXPECT_EQ(Parse(end.response_headers).at("content-type").as_string(), "image/png");
}

}  // namespace
}  // namespace orc::test
