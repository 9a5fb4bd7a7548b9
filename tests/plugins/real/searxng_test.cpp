// web.search against Debian's searx, with an offline engine that greps a file.
#include <filesystem>

#include "plugins/actions/action_fixture.h"
#include "plugins/real/child_process.h"

namespace orc::test {
namespace {

using Outcome = AttemptFinished::Outcome;
using testing::HasSubstr;

class Searxng : public ActionTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/lib/python3/dist-packages/searx/webapp.py")) GTEST_SKIP() << "searx is not installed";
  }
  void Begin() {
    port_ = FreePort();
    WriteFile(folder_ + "/found.txt",
              "SQLite WAL|https://sqlite.org/wal.html|Write-ahead logging & checkpoints\n"
              "PostgreSQL WAL|https://postgresql.org/wal|Another log\n"
              "Z\xC3\xBCge|https://bahn.example/z%C3%BCge|P\xC3\xBCnktlich\n");
    WriteFile(folder_ + "/settings.yml", Settings());
    searx_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"/usr/bin/python3", "-c", "import searx.webapp as w; w.run()"}, folder_ + "/searx.log",
        std::vector<std::pair<std::string, std::string>>{{"SEARX_SETTINGS_PATH", folder_ + "/settings.yml"}});
    ASSERT_TRUE(searx_->WaitForPort(port_)) << searx_->Log();
    LoadActions({{"web.search", Parse("{\"base_url\":\"http://127.0.0.1:" + std::to_string(port_) + "\"}")}});
  }
  std::string Settings() const {
    return "use_default_settings: false\n"
           "general: {debug: false, instance_name: test}\n"
           "search: {safe_search: 0, autocomplete: '', default_lang: '', ban_time_on_fail: 5, max_ban_time_on_fail: 120, formats: [html, "
           "json]}\n"
           "server: {port: " +
           std::to_string(port_) +
           ", bind_address: 127.0.0.1, secret_key: test, base_url: false, image_proxy: false,"
           " http_protocol_version: '1.0', method: GET, default_http_headers: {}}\n"
           "ui: {static_path: /usr/share/python3-searx/static, templates_path: /usr/share/python3-searx/templates, default_theme: oscar,"
           " default_locale: '', theme_args: {oscar_style: logicodev}, advanced_search: false, query_in_title: false, results_on_new_tab: "
           "false}\n"
           "outgoing: {request_timeout: 3.0, useragent_suffix: '', pool_connections: 10, pool_maxsize: 5, enable_http2: false}\n"
           "engines:\n"
           "  - {name: file, engine: command, shortcut: f, categories: general, command: [/bin/grep, -i, -e, '{{QUERY}}', " +
           folder_ +
           "/found.txt],"
           " delimiter: {chars: '|', keys: [title, url, content]}, timeout: 5.0, disabled: false, tokens: []}\n"
           "locales: {en: English}\n"
           "doi_resolvers: {oadoi.org: 'https://oadoi.org/'}\n"
           "default_doi_resolver: oadoi.org\n";
  }

  int port_ = 0;
  std::unique_ptr<ChildProcess> searx_;
};

TEST_F(Searxng, FindsWhatItsEngineFinds) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  auto end = Do("web.search", R"({"query":"WAL"})");
  ASSERT_EQ(end.outcome, Outcome::kSucceeded) << Words(end) << searx_->Log();
  Json output = Parse(end.output);
  EXPECT_EQ(IntAt(output, "count"), 2);
  EXPECT_EQ(output.at("query").as_string(), "WAL");
  const Json& first = output.at("results").at(0);
  EXPECT_EQ(first.at("title").as_string(), "SQLite WAL");
  EXPECT_EQ(first.at("url").as_string(), "https://sqlite.org/wal.html");
  EXPECT_EQ(first.at("content").as_string(), "Write-ahead logging & checkpoints");
  EXPECT_EQ(first.at("engine").as_string(), "file");

  output = Parse(Do("web.search", R"({"query":"WAL","limit":1,"language":"en","categories":["general"],"page":1,"safesearch":0})").output);
  EXPECT_EQ(IntAt(output, "count"), 1);
  output = Parse(Do("web.search", R"({"query":"züge"})").output);
  EXPECT_EQ(output.at("results").at(0).at("content").as_string(), "P\xC3\xBCnktlich");
  output = Parse(Do("web.search", R"({"query":"\"sqlite wal\" "})").output);  // quotes and the space arrive
  EXPECT_EQ(IntAt(output, "count"), 1);
  end = Do("web.search", R"({"query":"nothing-at-all"})");
  EXPECT_EQ(end.outcome, Outcome::kSucceeded) << Words(end);
  EXPECT_EQ(IntAt(Parse(end.output), "count"), 0);
}

}  // namespace
}  // namespace orc::test
