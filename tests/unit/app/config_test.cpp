#include "app/config.h"

#include <gtest/gtest.h>

namespace orc {
namespace {

ConfigSource Source(std::map<std::string, std::string> variables = {}) {
  ConfigSource source;
  source.file = "c.yaml";
  source.paths = {.plugin_dir = "/p", .schema_dir = ORC_SOURCE_DIR "/schema", .template_dir = "/t"};
  source.environment = [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  source.is_root = true;
  return source;
}

Config MustRead(const std::string& text, const ConfigSource& source = Source()) {
  auto config = ReadConfig(text, source);
  if (config.ok()) return std::move(config).value();
  for (const Problem& problem : config.error().problems) ADD_FAILURE() << problem.detail;
  ADD_FAILURE() << config.error().message;
  return {};
}

std::vector<std::string> Faults(const std::string& text, const ConfigSource& source = Source()) {
  const auto config = ReadConfig(text, source);
  if (config.ok()) return {};
  std::vector<std::string> lines;
  for (const Problem& problem : config.error().problems) lines.push_back(problem.detail);
  return lines;
}

void ExpectFault(const std::string& text, const std::string& begin, const std::string& part = "") {
  const auto faults = Faults(text);
  ASSERT_EQ(faults.size(), 1u) << testing::PrintToString(faults);
  EXPECT_TRUE(faults[0].starts_with(begin)) << faults[0];
  EXPECT_NE(faults[0].find(part), std::string::npos) << faults[0];
}

TEST(Config, AnEmptyFileIsAllDefaults) {
  const Config config = MustRead("");
  EXPECT_EQ(config.server.host, "127.0.0.1");
  EXPECT_EQ(config.server.port, 8100);
  EXPECT_EQ(config.state_dir, "/var/lib/orchestrator");
  EXPECT_EQ(config.sqlite_file, "/var/lib/orchestrator/orchestrator.db");
  EXPECT_EQ(config.plugins.folders, std::vector<std::string>{"/p"});
  EXPECT_EQ(config.template_file, "/t/templates.json");
  EXPECT_TRUE(config.egress.allow_private);
  EXPECT_TRUE(config.hooks.empty());
}

TEST(Config, Secrets) {
  const auto source = Source({{"TOKEN", "a value that is long enough"}, {"PIN", "1234"}});
  const Config config = MustRead(R"(
secrets:
  token: {env: TOKEN}
  pin: {env: PIN}
  key: {file: /nowhere/key}
  of_systemd: {credential: api}
)",
                                 source);
  ASSERT_EQ(config.secrets.size(), 4u);
  EXPECT_EQ(config.secrets.at("token"), (SecretPlace{SecretPlace::Kind::kEnvironment, "TOKEN"}));
  EXPECT_EQ(config.secrets.at("key"), (SecretPlace{SecretPlace::Kind::kFile, "/nowhere/key"}));
  EXPECT_EQ(config.secrets.at("of_systemd"), (SecretPlace{SecretPlace::Kind::kCredential, "api"}));
  // What is not there yet is no fault: one missing secret must not keep the others' steps from running.
  const std::vector<std::string> expected = {
      "c.yaml:4:3: secrets.pin: the value has fewer than 8 bytes: it is not redacted where it comes back",
      "c.yaml:5:3: secrets.key: the file /nowhere/key can't be read: /nowhere/key: No such file or directory; steps that name the secret "
      "fail until it is there",
      "c.yaml:6:3: secrets.of_systemd: the credential api can't be read: $CREDENTIALS_DIRECTORY is not set; steps that name the secret "
      "fail until it is there"};
  EXPECT_EQ(config.warnings, expected);
}

TEST(Config, FaultsOfSecrets) {
  ExpectFault("secrets:\n  a-b: {env: X}", "c.yaml:2:3: secrets.a-b: the name of a secret is made of letters, digits and _");
  ExpectFault("secrets:\n  a: {env: X, file: /x}", "c.yaml:2:3: secrets.a: must be {env: VARIABLE}, {file: PATH} or {credential: NAME}",
              "more than one");
  ExpectFault("secrets:\n  a: {}", "c.yaml:2:3: secrets.a: must be {env", "found none of them");
  ExpectFault("secrets:\n  a: {env: }", "c.yaml:2:3: secrets.a: must be {env", "found none of them");
  ExpectFault("secrets:\n  a: {fiel: /x}", "c.yaml:2:7: the key \"fiel\" is not known (did you mean \"file\"?)");
  ExpectFault("secrets:\n  a: hunter2", "c.yaml:2:3: secrets.a: must be {env: VARIABLE}, {file: PATH} or {credential: NAME}");
  EXPECT_EQ(Faults("secrets:\n  a: hunter2")[0].find("hunter2"), std::string::npos);
  ExpectFault("secrets:\n  a: {env: 5}", "c.yaml:2:3: secrets.a: ", "each a text");
  ExpectFault("secrets:\n  a: {credential: ../x}", "c.yaml:2:3: secrets.a: a credential is a file's name");
  ExpectFault("secrets:\n  a: {env: A=B}", "c.yaml:2:3: secrets.a: no environment variable has a =");
  ExpectFault("secrets: [a]", "c.yaml:1:1: secrets: ");
}

TEST(Config, EveryKeyOfTheSeed) {
  const Config config = MustRead(R"(
server: {host: 0.0.0.0, port: 9000}
database: {dsn: "sqlite:/tmp/x.db"}
memarch: {base_url: "http://memarch:8090/", timeout: 5s}
audit_log: {base_url: "http://audit:8091", timeout: 750ms}
policy: {require_approval: true, workflow_schema: )" ORC_SOURCE_DIR R"(/schema/workflow.schema.json}
)");
  EXPECT_EQ(config.server.host, "0.0.0.0");
  EXPECT_EQ(config.server.port, 9000);
  EXPECT_EQ(config.sqlite_file, "/tmp/x.db");
  ASSERT_EQ(config.hooks.size(), 2u);
  EXPECT_EQ(config.hooks[0].name, "memarch");
  EXPECT_EQ(config.hooks[0].shape, HookTarget::Shape::kMemarch);
  EXPECT_EQ(config.hooks[0].timeout_ms, 5000);
  EXPECT_EQ(config.hooks[1].timeout_ms, 750);
  EXPECT_TRUE(config.server.require_approval);
  EXPECT_EQ(config.workflow_schema_file, ORC_SOURCE_DIR "/schema/workflow.schema.json");
  EXPECT_EQ(config.egress.allow, (std::vector<std::string>{"memarch", "audit"}));
}

TEST(Config, ActionsGetTheirKeys) {
  const Config config = MustRead(R"(
ai_router: {base_url: "http://ai:1", model: llama2, timeout: 1m}
web: {base_url: "http://web:2", search: {base_url: "http://searx:3", path: /s}}
memarch: {base_url: "http://mem:4", store_path: /facts}
)");
  const auto text = [&](const std::string& action) { return PrintJson(config.plugins.action_config.at(action)); };
  EXPECT_EQ(text("ai_router.chat"), R"({"base_url":"http://ai:1","timeout_ms":60000,"model":"llama2"})");
  EXPECT_EQ(text("web.search"), R"({"base_url":"http://searx:3","path":"/s"})");
  EXPECT_EQ(text("web.extract"), R"({"base_url":"http://web:2"})");
  EXPECT_EQ(text("memarch.store_fact"), R"({"base_url":"http://mem:4","path":"/facts"})");
  EXPECT_EQ(text("scm.call"), "{}");
}

TEST(Config, PluginsGetTheirSettings) {
  const Config config = MustRead(R"(
plugins:
  settings:
    greet: {config: {greeting: Hello, base_url: "http://x"}, actions: {greet.hello: {greeting: Hi}}, isolation: process, memory: 64MiB,
            open_files: 32, cpu_time: 2s, network: true, programs: true, processes: 3, attempts_per_process: 1, stop_grace: 1s, restart_delay: 100ms}
    other: {isolation: none}
)");
  const PluginSettings& greet = config.plugins.settings.at("greet");
  EXPECT_EQ(greet.isolation, PluginSettings::Isolation::kProcess);
  EXPECT_EQ(PrintJson(ConfigOf("greet.hello", JsonObject{{"a", 1}}, greet)), R"({"a":1,"greeting":"Hi","base_url":"http://x"})");
  EXPECT_EQ(PrintJson(ConfigOf("greet.bye", nullptr, greet)), R"({"greeting":"Hello","base_url":"http://x"})");
  EXPECT_EQ(greet.limits.memory_bytes, 64u << 20);
  EXPECT_EQ(greet.limits.open_files, 32u);
  EXPECT_EQ(greet.limits.cpu_ms, 2000);
  EXPECT_TRUE(greet.limits.may_use_network && greet.limits.may_run_programs);
  EXPECT_EQ(greet.processes, 3);
  EXPECT_EQ(greet.attempts_per_process, 1);
  EXPECT_EQ(greet.stop_grace_ms, 1000);
  EXPECT_EQ(greet.restart_delay_ms, 100);
  EXPECT_EQ(config.plugins.settings.at("other").isolation, PluginSettings::Isolation::kNone);
  EXPECT_TRUE(config.egress.allow.empty());
  ExpectFault("plugins: {settings: {greet: {isolaton: process}}}\n", "c.yaml:1:", "did you mean \"isolation\"?");
  ExpectFault("plugins: {settings: {greet: {memory: lots}}}\n", "c.yaml:1:", "size");
  ExpectFault("plugins: {settings: {greet: {isolation: thread}}}\n", "c.yaml:1:", "isolation");
}

TEST(Config, HowCallsAreMadeCountsForEveryActionAndHook) {
  const Config config = MustRead("http: {verify_tls: false, ca_file: " ORC_SOURCE_DIR
                                 "/LICENSE, max_response_bytes: 4MiB, timeout: 9s}\naudit_log: {base_url: 'https://a', headers: "
                                 "{X-Key: s}}\n");
  EXPECT_EQ(PrintJson(config.plugins.action_config.at("scm.call")),
            R"({"max_response_bytes":4194304,"verify_tls":false,"ca_file":")" ORC_SOURCE_DIR R"(/LICENSE"})");
  EXPECT_EQ(IntAt(config.plugins.action_config.at("http"), "timeout_ms"), 9000);
  EXPECT_EQ(config.hooks.at(0).headers, (std::vector<std::pair<std::string, std::string>>{{"X-Key", "s"}}));
  EXPECT_FALSE(config.hooks.at(0).verify_tls);
  EXPECT_EQ(config.hooks.at(0).ca_file, ORC_SOURCE_DIR "/LICENSE");
}

TEST(Config, VariablesAreFilledInBeforeTheTypeIsJudged) {
  EXPECT_EQ(MustRead("server:\n  port: ${PORT}\n", Source({{"PORT", "81"}})).server.port, 81);
  EXPECT_EQ(MustRead("server:\n  port: ${PORT:-82}\n").server.port, 82);
  ExpectFault("server:\n  host: ${NO_SUCH}\n", "c.yaml:2:9: ", "NO_SUCH is not set");
}

TEST(Config, WhatIsNamedMustBeThere) {
  ExpectFault("templates:\n  file: /no/such.json\n", "c.yaml:2:9: ", "templates.file: the file /no/such.json can't be read");
  ExpectFault("http:\n  ca_file: /no/ca.pem\n", "c.yaml:2:12: ", "http.ca_file: the file /no/ca.pem can't be read");
  ExpectFault("policy: {workflow_schema: /no/w.json}\n", "c.yaml:1:27: ", "policy.workflow_schema");
  ExpectFault("plugins: {path: /no/plugins}\n", "c.yaml:1:17: ", "plugins.path: /no/plugins is no folder");
  ExpectFault("egress:\n  allow: [127.0.0.0/8, 300.1.1.1/8]\n", "c.yaml:2:24: ", "300.1.1.1/8");
  ExpectFault("memarch: {timeout: 5 parsecs}\n", "c.yaml:1:11: ", "must be a duration such as 500ms, 5s");
}

TEST(Config, Databases) {
  EXPECT_TRUE(MustRead("database: {dsn: 'memory:'}").memory_store);
  const Config config =
      MustRead("database: {dsn: 'postgres://a:b%20c@localhost/x', pool_size: 3, connect_timeout: 4s, statement_timeout: 1m}");
  ASSERT_TRUE(config.postgres.has_value());
  EXPECT_EQ(config.postgres->dsn.Get("password"), "b c");
  EXPECT_EQ(config.postgres->pool_size, 3u);
  EXPECT_EQ(config.postgres->connect_timeout_ms, 4'000);
  EXPECT_EQ(config.postgres->statement_timeout_ms, 60'000);
  EXPECT_EQ(config.StoreName(), "postgres://a@localhost/x");
  EXPECT_EQ(config.sqlite_file, "");
  ExpectFault("database:\n  dsn: postgres://a:b%@localhost/x\n", "c.yaml:2:8: ", "database.dsn: a % in the user or password");
  ExpectFault("database:\n  dsn: 'postgres://a@h/x?sslrootcert=/no/such.pem'\n", "c.yaml:2:8: ", "the file /no/such.pem can't be read");
  ExpectFault("database:\n  dsn: sqlite:/no/such/folder/x.db\n", "c.yaml:2:8: ", "there is no folder /no/such/folder");
  ExpectFault("database:\n  dsn: sqlite:/tmp\n", "c.yaml:2:8: ", "/tmp is a folder");
  ExpectFault("egress:\n  allow:\n    - 169.254.169.254\n", "c.yaml:3:7: ", "never allowed");
  ExpectFault("database:\n  dsn: mysql://x\n", "c.yaml:2:8: ", "not a known kind of database");
}

TEST(Config, UnknownKeysNameTheNearest) {
  ExpectFault("server:\n  prot: 1\n", "c.yaml:2:3: ", "did you mean \"port\"?");
  ExpectFault("serwer: {}\n", "c.yaml:1:1: ", "did you mean \"server\"?");
  ExpectFault("database:\n  zzzzzzzz: 1\n", "c.yaml:2:3: ", "expected one of: dsn");
}

TEST(Config, WrongTypesAndValuesSayWhere) {
  ExpectFault("server:\n  port: http\n", "c.yaml:2:3: server.port: ");
  ExpectFault("server:\n  port: 70000\n", "c.yaml:2:3: server.port: ", "65535");
  ExpectFault("log:\n  level: loud\n", "c.yaml:2:3: log.level: ");
  ExpectFault("audit_log:\n  timeout: soon\n", "c.yaml:2:3: audit_log.timeout: ");
  ExpectFault("memarch:\n  base_url: ftp://x\n", "c.yaml:2:3: memarch.base_url: ");
  ExpectFault("server: 5\n", "c.yaml:1:1: server: ");
  ExpectFault("state_dir: \"/tmp/a\\0b\"\n", "c.yaml:1:1: state_dir: ", "NUL");
  ExpectFault("- a\n- b\n", "c.yaml:1:1: ");
}

TEST(Config, AmountsHaveOneRangeForEverySpelling) {
  ExpectFault("http:\n  timeout: 200h\n", "c.yaml:2:3: http.timeout: must be from 1 ms to 604800000 ms, found the string \"200h\"");
  ExpectFault("ai_router:\n  timeout: 0s\n", "c.yaml:2:3: ai_router.timeout: ");
  ExpectFault("server: {max_body_bytes: 0B}\n", "c.yaml:1:10: server.max_body_bytes: ");
  ExpectFault("server: {max_body_bytes: 99999999999999999999GiB}\n", "c.yaml:1:10: server.max_body_bytes: ");
  const Config config = MustRead("server: {port: 9333.0, workers: 1e1, idle_timeout: 2m, max_body_bytes: 3MiB}");
  EXPECT_EQ(config.server.port, 9333);
  EXPECT_EQ(config.server.workers, 10);
  EXPECT_EQ(config.server.idle_timeout_ms, 120'000);
  EXPECT_EQ(config.server.max_body_bytes, 3u << 20);
}

TEST(Config, AddressesMustBeCallable) {
  ExpectFault("scm:\n  base_url: http://a!b/\n", "c.yaml:2:3: ", "scm.base_url: ");
  ExpectFault("memarch:\n  base_url: 'http://[::1'\n", "c.yaml:2:3: ");
  ExpectFault("web:\n  search:\n    path: /a/../b\n", "c.yaml:3:5: ", "could leave the base_url");
  ExpectFault("memarch:\n  store_path: //evil/x\n", "c.yaml:2:3: ", "could leave the base_url");
  EXPECT_TRUE(Faults("scm: {base_url: 'http://[::1]:80/a', path: '/v1/x?y=../z'}").empty());
}

TEST(Config, EveryFaultAtOnceInTheOrderOfTheFile) {
  const auto faults = Faults("server:\n  port: no\n  hots: x\npolicy:\n  strict: 1\n");
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_TRUE(faults[0].starts_with("c.yaml:2:3: "));
  EXPECT_TRUE(faults[1].starts_with("c.yaml:3:3: "));
  EXPECT_TRUE(faults[2].starts_with("c.yaml:5:3: "));
}

TEST(Config, EmptyKeysMeanNotSet) {
  EXPECT_EQ(MustRead("templates: {file: ''}").template_file, MustRead("").template_file);
  const Config config = MustRead("server:\nmemarch:\n  base_url: ${NONE:-}\n  timeout:\n");
  EXPECT_TRUE(config.hooks.empty());
}

TEST(Config, DefaultStateDir) {
  const auto dir = [](std::map<std::string, std::string> variables, bool is_root) {
    return DefaultStateDir(Source(std::move(variables)).environment, is_root);
  };
  EXPECT_EQ(dir({{"STATE_DIRECTORY", "/a:/b"}, {"HOME", "/h"}}, false), "/a");
  EXPECT_EQ(dir({{"HOME", "/root"}}, true), "/var/lib/orchestrator");
  EXPECT_EQ(dir({{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, false), "/x/orchestrator");
  EXPECT_EQ(dir({{"HOME", "/h"}}, false), "/h/.local/state/orchestrator");
}

TEST(Config, AFileThatIsNotThere) {
  ConfigSource source = Source();
  source.file = "/nowhere/c.yaml";
  const auto config = LoadConfig(source);
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().message, "/nowhere/c.yaml: No such file or directory");
}

}  // namespace
}  // namespace orc
