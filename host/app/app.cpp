#include "app/app.h"

#include <sys/stat.h>

#include <cstring>
#include <filesystem>

#include "app/full_catalog.h"
#include "app/process.h"
#include "app/reloadable_checker.h"
#include "app/template_pack.h"
#include "base/ids.h"
#include "schedules/schedules.h"
#include "store/memory_store.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace orc {
namespace {

constexpr int64_t kLastAnswersUs = 1'000'000;  // for answers that were begun when everything else has stopped

DefinitionChecker::Options CheckerOptions(const Config& config) {
  DefinitionChecker::Options options{
      .schema_dir = config.schema_dir, .workflow_schema_file = config.workflow_schema_file, .strict = config.strict};
  for (const auto& [name, place] : config.secrets) options.secrets.push_back(name);
  return options;
}

void LogWarnings(const Config& config) {
  for (const std::string& warning : config.warnings) LogWarn(warning);
}

Result<std::unique_ptr<Store>> OpenStore(const Config& config, const Clock& clock) {
  if (config.memory_store) return MakeMemoryStore();
  if (config.postgres) return OpenPostgresStore(*config.postgres, clock);
  return OpenSqliteStore(config.sqlite_file);
}

Result<void> MakeStateDir(const std::string& dir) {
  std::error_code fault;
  if (std::filesystem::is_directory(dir, fault)) return {};
  std::filesystem::create_directories(std::filesystem::path(dir).parent_path(), fault);
  if (mkdir(dir.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return Error{.code = ErrorCode::kUnavailable,
               .message = "state_dir " + dir + ": " + std::strerror(errno) + ", expected a folder that this user can write"};
}

bool IsLoopback(const std::string& host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }

class AppImpl final : public App {
 public:
  explicit AppImpl(Config config)
      : config_(std::move(config)), secrets_(std::make_shared<SecretStore>(config_.secrets, ProcessEnvironment())) {}
  ~AppImpl() override {
    if (!stopped_) StopAll(0);
  }

  Result<void> StartAll() {
    const bool is_asked_for = config_.settings.contains("server.max_connections") || config_.settings.contains("http.max_in_flight");
    ORC_ASSIGN_OR_RETURN(const FileShares files, ShareFiles(config_.server.max_connections, config_.max_calls_in_flight, is_asked_for));
    config_.server.max_connections = files.connections;
    config_.max_calls_in_flight = files.calls;
    if (!config_.sqlite_file.empty()) ORC_RETURN_IF_ERROR(MakeStateDir(config_.state_dir));
    ORC_ASSIGN_OR_RETURN(store_, OpenStore(config_, clock_));
    definitions_ = std::make_unique<Definitions>(*store_);
    committer_ = std::make_unique<Committer>(*store_, clock_, notifier_);
    ORC_ASSIGN_OR_RETURN(http_, HttpService::Start(config_.egress, config_.max_calls_in_flight));
    LogWarnings(config_);
    config_.plugins.secrets = secrets_;
    plugins_ = Plugins::Load(config_.plugins, clock_, *http_);
    catalog_ = std::make_unique<FullCatalog>(*plugins_);
    ORC_ASSIGN_OR_RETURN(auto rules, DefinitionChecker::Open(CheckerOptions(config_), *plugins_));
    checker_ = std::make_unique<ReloadableChecker>(std::move(rules));
    engine_ = Engine::Make(config_.engine, clock_, ids_, *store_, *definitions_, *plugins_, *committer_, notifier_);
    committer_->Start();
    // Listening comes before recovery and templates: a liveness probe is answered while they go on.
    ORC_ASSIGN_OR_RETURN(server_, Server::Listen(config_.server, Parts()));
    if (!IsLoopback(config_.server.host)) {
      LogWarn(
          "other machines can reach the server, and it asks nobody who they are: put a proxy that does in front, or listen on 127.0.0.1",
          {{"address", address()}});
    }
    ORC_RETURN_IF_ERROR(engine_->Start());
    ORC_RETURN_IF_ERROR(LoadTemplates());
    if (!config_.hooks.empty()) hooks_ = Hooks::Start(config_.hooks, clock_, *store_, *committer_, notifier_, *http_);
    schedules_ =
        Schedules::Start({clock_, ids_, *store_, *definitions_, *engine_, *committer_, notifier_}, config_.server.require_approval);
    server_->SetReady(true);
    return {};
  }

  std::string address() const override {
    const bool is_ipv6 = config_.server.host.find(':') != std::string::npos;
    return "http://" + (is_ipv6 ? "[" + config_.server.host + "]" : config_.server.host) + ":" + std::to_string(server_->port());
  }

  size_t actions() const override { return catalog_->List().size(); }

  void Reload(const Config& fresh) override;

  void Stop() override { StopAll(config_.drain_timeout_ms * 1000); }

 private:
  ApiParts Parts() {
    return {.clock = clock_,
            .ids = ids_,
            .store = *store_,
            .definitions = *definitions_,
            .engine = *engine_,
            .committer = *committer_,
            .notifier = notifier_,
            .catalog = *catalog_,
            .checker = *checker_,
            .reload_plugins = [this] { return plugins_->Reload(); }};
  }

  Result<void> LoadTemplates() {
    const auto pack = ReadTemplatePack(config_.template_file);
    if (pack.ok()) return AddMissingTemplates(*pack, clock_, *store_, *committer_);
    const bool is_default = !config_.settings.contains("templates.file");
    if (!is_default) return pack.error();
    LogWarn("no template pack", {{"error", pack.error().message}});
    return {};
  }

  /// The reverse of StartAll; also of one that ended half-way.
  void StopAll(int64_t drain_us) {
    stopped_ = true;
    if (server_) server_->SetReady(false);
    schedules_.reset();  // before the engine: what comes due from now on is begun a little late by the next start
    if (engine_) engine_->Stop(clock_.SteadyUs() + drain_us);
    if (server_) server_->Stop(clock_.SteadyUs() + kLastAnswersUs);
    if (plugins_) plugins_->Stop();
    hooks_.reset();
    if (committer_) committer_->Stop();
    server_.reset();
    engine_.reset();
    checker_.reset();
    catalog_.reset();
    plugins_.reset();
    http_.reset();
  }

  Config config_;
  const std::shared_ptr<SecretStore> secrets_;
  const SystemClock clock_;
  IdSource ids_{clock_};
  Notifier notifier_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Definitions> definitions_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<HttpService> http_;
  std::unique_ptr<Plugins> plugins_;
  std::unique_ptr<FullCatalog> catalog_;
  std::unique_ptr<ReloadableChecker> checker_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Hooks> hooks_;
  std::unique_ptr<Schedules> schedules_;
  bool stopped_ = false;
};

bool CanReload(const std::string& key) {
  return key.starts_with("log.") || key == "policy.workflow_schema" || key == "policy.strict" || key.starts_with("secrets.");
}

/// The keys whose value differs, set or not.
std::vector<std::string> ChangedKeys(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) keys.push_back(key);
  }
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) keys.push_back(key);
  }
  return keys;
}

void AppImpl::Reload(const Config& fresh) {
  auto rules = DefinitionChecker::Open(CheckerOptions(fresh), *plugins_);
  if (!rules.ok()) return LogError("reload refused", {{"error", rules.error().message}});
  if (const auto log = InitLog(fresh.log); !log.ok()) return LogError("reload refused", {{"error", log.error().message}});
  checker_->Exchange(std::move(rules).value());
  secrets_->Configure(fresh.secrets);
  LogWarnings(fresh);
  (void)plugins_->Reload();
  // Values are not logged: a header may be a credential.
  for (const std::string& key : ChangedKeys(config_.settings, fresh.settings)) {
    if (!CanReload(key)) {
      LogWarn("setting changed, it counts from the next start", {{"key", key}});
      continue;
    }
    LogInfo("setting changed", {{"key", key}});
    if (const auto value = fresh.settings.find(key); value != fresh.settings.end()) {
      config_.settings[key] = value->second;
    } else {
      config_.settings.erase(key);
    }
  }
  LogInfo("configuration re-read", {{"file", fresh.file}});
}

}  // namespace

Result<std::unique_ptr<App>> App::Start(Config config) {
  auto app = std::make_unique<AppImpl>(std::move(config));
  ORC_RETURN_IF_ERROR(app->StartAll());
  return std::unique_ptr<App>(std::move(app));
}

}  // namespace orc
