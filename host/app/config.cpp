#include "app/config.h"

#include <algorithm>
#include <filesystem>

#include "app/action_config.h"
#include "app/config_check.h"
#include "app/config_meaning.h"
#include "app/config_secrets.h"
#include "app/config_section.h"
#include "app/plugin_settings_config.h"
#include "app/yaml_document.h"
#include "base/read_file.h"

namespace orc {
namespace {

/// "file:line:column: what", in the order of the file.
std::vector<std::string> LinesOf(const std::string& file, std::vector<SourceFault> faults) {
  std::stable_sort(faults.begin(), faults.end(), [](const SourceFault& a, const SourceFault& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  std::vector<std::string> lines;
  for (const SourceFault& fault : faults) {
    lines.push_back(file + ":" + std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) + ": " + fault.message);
  }
  return lines;
}

Error FaultsAsError(const std::string& file, std::vector<SourceFault> faults) {
  Error error{.code = ErrorCode::kInvalid,
              .message = file + " has " + std::to_string(faults.size()) + (faults.size() == 1 ? " fault" : " faults")};
  for (std::string& line : LinesOf(file, std::move(faults))) error.problems.push_back({"", std::move(line)});
  return error;
}

void ReadServer(const Json& json, Config& config) {
  const ConfigSection server(json, "server");
  server.Read("host", config.server.host);
  server.ReadCount("port", config.server.port);
  server.ReadCount("workers", config.server.workers);
  server.ReadCount("max_body_bytes", config.server.max_body_bytes);
  server.ReadCount("max_headers", config.server.max_headers);
  server.ReadCount("max_head_bytes", config.server.max_head_bytes);
  server.ReadCount("max_unread_bytes", config.server.max_unread_bytes);
  server.ReadCount("max_connections", config.server.max_connections);
  server.ReadCount("max_queued_requests", config.server.max_queued_requests);
  server.ReadCount("head_timeout", config.server.head_timeout_ms);
  server.ReadCount("body_timeout", config.server.body_timeout_ms);
  server.ReadCount("idle_timeout", config.server.idle_timeout_ms);
  server.ReadCount("drain_timeout", config.drain_timeout_ms);
  server.ReadCount("write_stall_timeout", config.server.write_stall_ms);
  server.ReadCount("sse_keepalive", config.server.sse_keepalive_ms);
  server.ReadCount("sse_buffer_bytes", config.server.sse_buffer_bytes);
  server.ReadCount("inline_output_bytes", config.server.inline_output_bytes);
}

void ReadLog(const Json& json, Config& config) {
  const ConfigSection log(json, "log");
  const std::string level = log.Text("level");
  if (level == "debug") config.log.level = LogLevel::kDebug;
  if (level == "warn") config.log.level = LogLevel::kWarn;
  if (level == "error") config.log.level = LogLevel::kError;
  if (log.Text("format") == "json") config.log.format = LogFormat::kJson;
  log.Read("file", config.log.file);
}

void ReadEngineAndPlugins(const Json& json, const Paths& paths, Config& config) {
  const ConfigSection engine(json, "engine");
  engine.ReadCount("loops", config.engine.loops);
  engine.ReadCount("max_active_runs", config.engine.max_active_runs);
  engine.ReadCount("output_cache_bytes", config.engine.output_cache_bytes);
  engine.ReadCount("cancel_grace", config.engine.cancel_grace_ms);
  const ConfigSection plugins(json, "plugins");
  config.plugins.folders = {paths.plugin_dir};
  config.plugins.own_folder = paths.plugin_dir;
  if (!ConfigSection(json, "database").Text("dsn").starts_with("memory:")) config.plugins.copies_folder = config.state_dir + "/plugins";
  config.plugins.process_program = paths.plugin_host;
  if (!paths.added_plugin_dir.empty()) config.plugins.folders.push_back(paths.added_plugin_dir);
  plugins.ReadList("path", config.plugins.folders);
  bool allow_writable = false;
  plugins.Read("allow_writable", allow_writable);
  config.plugins.check_ownership = !allow_writable;
  plugins.ReadCount("blocking_threads", config.plugins.blocking_threads);
  plugins.ReadCount("max_output_bytes", config.plugins.max_output_bytes);
  config.plugins.action_config = ActionConfigs(json);
  config.plugins.settings = PluginSettingsOf(json);
}

void ReadPolicy(const Json& json, const Paths& paths, Config& config) {
  const ConfigSection policy(json, "policy");
  policy.Read("require_approval", config.server.require_approval);
  policy.Read("workflow_schema", config.workflow_schema_file);
  policy.Read("strict", config.strict);
  config.schema_dir = paths.schema_dir;
  config.template_file = paths.template_dir + "/templates.json";
  ConfigSection(json, "templates").Read("file", config.template_file);
}

void ReadOutbound(const Json& json, Config& config) {
  const ConfigSection egress(json, "egress");
  config.egress.allow_private = egress.Text("policy") != "public";
  egress.ReadList("allow", config.egress.allow);
  for (std::string& host : ConfiguredHosts(json)) config.egress.allow.push_back(std::move(host));
  const ConfigSection http(json, "http");
  http.ReadCount("max_in_flight", config.max_calls_in_flight);
  for (const auto& [name, shape] : {std::pair("memarch", HookTarget::Shape::kMemarch), std::pair("audit_log", HookTarget::Shape::kPlain)}) {
    const ConfigSection section(json, name);
    HookTarget target;
    target.name = name;
    target.base_url = section.Text("base_url");
    target.shape = shape;
    section.ReadCount("timeout", target.timeout_ms);
    section.Read("project_id", target.project_id);
    section.ReadPairs("headers", target.headers);
    http.Read("verify_tls", target.verify_tls);
    http.Read("ca_file", target.ca_file);
    if (!target.base_url.empty()) config.hooks.push_back(std::move(target));
  }
}

void ReadDatabase(const Json& json, Config& config) {
  const ConfigSection database(json, "database");
  const std::string dsn = database.Text("dsn");
  constexpr std::string_view kSqlite = "sqlite:";
  config.memory_store = dsn == "memory:";
  if (dsn.starts_with(kSqlite)) config.sqlite_file = dsn.substr(kSqlite.size());
  if (dsn.empty()) config.sqlite_file = config.state_dir + "/orchestrator.db";
  if (!PostgresDsn::IsOne(dsn)) return;
  PostgresOptions& postgres = config.postgres.emplace();
  if (auto parsed = PostgresDsn::Parse(dsn); parsed.ok()) postgres.dsn = std::move(parsed).value();  // CheckMeaning looked at it
  database.ReadCount("pool_size", postgres.pool_size);
  database.ReadCount("connect_timeout", postgres.connect_timeout_ms);
  database.ReadCount("statement_timeout", postgres.statement_timeout_ms);
}

void CollectSettings(const Json& value, const std::string& key, std::map<std::string, std::string>& settings) {
  if (!value.is_object()) {
    settings[key] = PrintJson(value);
    return;
  }
  for (const auto& member : value.get_object()) {
    CollectSettings(member.value(), (key.empty() ? "" : key + ".") + std::string(member.key()), settings);
  }
}

}  // namespace

Result<Config> ReadConfig(const std::string& text, const ConfigSource& source) {
  YamlDocument document = ReadYaml(text, source.environment);
  const std::string name = source.file.empty() ? std::string("the default configuration") : source.file;
  if (!document.faults.empty()) return FaultsAsError(name, std::move(document.faults));
  ORC_ASSIGN_OR_RETURN(std::vector<SourceFault> faults, CheckConfig(source.paths.schema_dir + "/config.schema.json", document));
  // What is of a wrong type can't be looked at more closely.
  if (faults.empty()) faults = CheckMeaning(document);
  if (!faults.empty()) return FaultsAsError(name, std::move(faults));

  const Json& json = document.value;
  Config config;
  config.file = source.file;
  config.state_dir = std::string(StringAt(json, "state_dir"));
  if (config.state_dir.empty()) config.state_dir = DefaultStateDir(source.environment, source.is_root);
  ReadServer(json, config);
  ReadLog(json, config);
  ReadEngineAndPlugins(json, source.paths, config);
  ReadPolicy(json, source.paths, config);
  ReadOutbound(json, config);
  ReadDatabase(json, config);
  config.secrets = SecretPlaces(json);
  config.warnings = LinesOf(name, SecretWarnings(document, config.secrets, source.environment));
  CollectSettings(json, "", config.settings);
  return config;
}

Result<Config> LoadConfig(const ConfigSource& source) {
  if (source.file.empty()) return ReadConfig("", source);
  ORC_ASSIGN_OR_RETURN(const std::string text, ReadFile(source.file, kMaxYamlBytes));
  return ReadConfig(text, source);
}

}  // namespace orc
