#include "plugin/plugin_host.h"

#include <filesystem>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/nearest.h"
#include "expr/template.h"
#include "plugin/abi_check.h"
#include "plugin/host_table.h"
#include "plugin/library.h"
#include "plugin/library_file.h"
#include "plugin/outcome.h"
#include "plugin/secret_input.h"
#include "secrets/secret_store.h"

namespace orc {
namespace {

constexpr std::chrono::milliseconds kStopGrace{5000};

/// The first problem as the message, all of them as the detail.
AttemptFinished InputInvalid(AttemptKey key, const std::string& action, const std::vector<Problem>& problems) {
  JsonWriter detail;
  detail.BeginArray();
  for (const auto& problem : problems) detail.BeginObject().Field("pointer", problem.pointer).Field("detail", problem.detail).EndObject();
  detail.EndArray();
  const Problem& first = problems.front();
  std::string message =
      "the input of \"" + action + "\" does not fit: " + (first.pointer.empty() ? "" : first.pointer + ": ") + first.detail;
  if (problems.size() > 1) message += " (and " + std::to_string(problems.size() - 1) + " more)";
  return FailedAttempt(std::move(key), "input_invalid", std::move(message), std::move(detail).text());
}

/// As the engine reports an expression that fails when a step begins.
AttemptFinished ExpressionFailed(AttemptKey key, const Error& error) {
  std::string detail;
  if (!error.problems.empty() && error.problems.front().place) {
    const ExpressionPlace& place = *error.problems.front().place;
    detail = PrintJson(
        JsonObject{{"source", place.source}, {"line", place.line}, {"column", place.column}, {"cause", error.problems.front().detail}});
  }
  return FailedAttempt(std::move(key), "expression_error", error.message, std::move(detail));
}

/// With the secrets in it. What breaks the schema without them is said as ever; of the rest only where it is, for a message quotes what
/// was found.
std::vector<Problem> CheckSecretInput(const ActionInfo& info, const std::string& unfilled, const Json& filled) {
  if (!info.input_schema) return {};
  std::vector<Problem> problems = info.input_schema->Validate(filled);
  if (problems.empty()) return {};
  const auto known = ParseJson(unfilled);
  auto without = known.ok() ? info.input_schema->Validate(*known, {}, IsTemplated) : std::vector<Problem>();
  if (!without.empty()) return without;
  for (Problem& problem : problems) problem = {problem.pointer, "does not fit with the secret put in; the value is not shown"};
  return problems;
}

std::vector<Problem> CheckInput(const ActionInfo& info, const std::string& input) {
  if (!info.input_schema) {
    const auto checked = CheckJson(input);
    return checked.ok() ? std::vector<Problem>() : std::vector<Problem>{{"", checked.error().message}};
  }
  const auto json = ParseJson(input);
  if (!json.ok()) return {{"", json.error().message}};
  return info.input_schema->Validate(*json);
}

}  // namespace

std::unique_ptr<Plugins> Plugins::Load(const Options& options, const Clock& clock, HttpService& http) {
  auto host = std::make_unique<PluginHost>(options, clock, http);
  host->LoadFolders();
  host->Publish();
  return host;
}

PluginHost::PluginHost(const Options& options, const Clock& clock, HttpService& http)
    : options_(options),
      core_(std::make_shared<PluginCore>(clock, http, options.blocking_threads, options.max_output_bytes, options.secrets)) {}

PluginHost::~PluginHost() { Stop(); }

void PluginHost::LoadFolders() {
  for (const auto& folder : options_.folders) LoadFolder(folder);
  for (const auto& [name, settings] : options_.settings) {
    if (!plugin_names_.contains(name)) {
      LogWarn("plugins.settings names a plugin that is in no folder",
              {{"plugin", name}, {"suggestion", NearestName(name, {plugin_names_.begin(), plugin_names_.end()})}});
    }
  }
}

const PluginSettings& PluginHost::SettingsOf(const std::string& file) {
  static const PluginSettings kNone;
  const std::string name = std::filesystem::path(file).stem().string();
  plugin_names_.insert(name);
  const auto it = options_.settings.find(name);
  return it == options_.settings.end() ? kNone : it->second;
}

void PluginHost::LoadFolder(const std::string& folder) {
  auto listing = ListLibraries(folder);
  if (listing.failure) return Fail(std::move(*listing.failure));
  if (options_.check_ownership) {
    if (auto failure = CheckOwnership(folder, folder)) return Fail(std::move(*failure));
  }
  if (listing.files.empty()) LogWarn("a plugin folder holds no plugin (no .so file)", {{"folder", folder}});
  for (const auto& file : listing.files) {
    if (!KeepUnchanged(file)) LoadOrKeep(file);
  }
}

void PluginHost::LoadFile(const std::string& file) {
  if (options_.check_ownership) {
    if (auto failure = CheckOwnership(file, file)) return Fail(std::move(*failure));
  }
  if (IsIsolated(file)) return LoadIsolated(file);
  auto path = PathToLoad(file);
  if (!path.ok()) return Fail({file, "copy", path.error().message});
  auto opened = OpenLibrary(*path);
  if (auto* failure = std::get_if<Failure>(&opened)) return Fail({file, std::move(failure->check), std::move(failure->detail)});
  const orc_plugin& plugin = *std::get<const orc_plugin*>(opened);
  if (auto fault = CheckPluginTable(plugin); !fault.empty()) return Fail({file, "abi", std::move(fault)});
  for (size_t i = 0; i < plugin.action_count; ++i) {
    // One bad table: whoever wrote it may have got the others wrong too.
    if (auto fault = CheckActionTable(plugin.actions[i], i); !fault.empty()) return Fail({file, "action", std::move(fault)});
  }
  if (AsksForIsolation(plugin)) return LoadIsolated(file);
  const orc_host& host = MakeHostTable(core_, std::string(View(plugin.name)));
  for (size_t i = 0; i < plugin.action_count; ++i)
    AddAction(plugin, *plugin.actions[i], OriginOf(file, false), MakeHere(*plugin.actions[i], host));
}

void PluginHost::AddAction(const orc_plugin& plugin, const orc_action& table, const PluginOrigin& origin, const ActionMaker& make) {
  const std::string& file = origin.file;
  const std::string name(View(table.name));
  if (IsBuiltInAction(name)) return Fail({file, "duplicate", "the action \"" + name + "\" is built in and can't be replaced"});
  if (const auto it = actions_.find(name); it != actions_.end()) {
    return Fail({file, "duplicate", "the action \"" + name + "\" is already offered by " + it->second->info->plugin_file});
  }
  const auto config = options_.action_config.find(name);
  const Json own = config == options_.action_config.end() ? Json(JsonObject()) : config->second;
  auto loaded = LoadAction(plugin, table, origin, ConfigOf(name, own, SettingsOf(file)), make);
  if (auto* fault = std::get_if<ActionFault>(&loaded)) return Fail({file, std::move(fault->check), std::move(fault->detail)});
  actions_.emplace(name, std::make_shared<LoadedAction>(std::get<LoadedAction>(std::move(loaded))));
}

void PluginHost::Fail(Failure failure) {
  LogError("a plugin was not loaded", {{"file", failure.file}, {"check", failure.check}, {"detail", failure.detail}});
  failures_.push_back(std::move(failure));
}

std::shared_ptr<const ActionInfo> PluginHost::Find(std::string_view name) const {
  const auto actions = Actions();
  const auto it = actions->find(name);
  return it == actions->end() ? nullptr : it->second->info;
}

std::vector<std::shared_ptr<const ActionInfo>> PluginHost::List() const {
  std::vector<std::shared_ptr<const ActionInfo>> all;
  for (const auto& [name, action] : *Actions()) all.push_back(action->info);
  return all;
}

std::vector<std::string> PluginHost::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, action] : *Actions()) names.push_back(name);
  return names;
}

void PluginHost::Start(AttemptOrder order) {
  const std::string& name = order.definition->steps[order.key.step].action;
  const auto actions = Actions();  // held until the attempt is known to be under way
  const auto it = actions->find(name);
  if (it == actions->end()) {
    return core_->Report(FailedAttempt(order.key, "unknown_action", "no action \"" + name + "\" is loaded" + DidYouMean(name, Names())));
  }
  if (order.definition->steps[order.key.step].names_secrets) return StartWithSecrets(std::move(order), *it->second);
  const auto problems = CheckInput(*it->second->info, order.input);
  if (!problems.empty()) return core_->Report(InputInvalid(order.key, name, problems));
  NoteVersion(order, *it->second->info);
  core_->Start(std::move(order), *it->second, nullptr);
  if (has_retired_) DestroyRetired(false);
}

void PluginHost::StartWithSecrets(AttemptOrder order, const LoadedAction& action) {
  static const auto no_secrets = std::make_shared<SecretStore>(SecretStore::Places{}, nullptr);
  auto filled = PutInSecrets(order.input, options_.secrets != nullptr ? *options_.secrets : *no_secrets);
  if (!filled.ok()) return core_->Report(ExpressionFailed(order.key, filled.error()));
  const auto problems = CheckSecretInput(*action.info, order.input, filled->input);
  if (!problems.empty()) return core_->Report(InputInvalid(order.key, action.info->name, problems));
  order.input = PrintJson(filled->input);
  NoteVersion(order, *action.info);
  core_->Start(std::move(order), action, std::move(filled->own));
}

void PluginHost::Stop() {
  const std::lock_guard reloading(reload_mutex_);
  if (std::exchange(stopped_, true)) return;
  (void)core_->Close(std::chrono::steady_clock::now() + kStopGrace);
  EndIsolated();
  for (auto& [name, action] : actions_) Retire(action);
  actions_.clear();
  Publish();
  DestroyRetired(true);
  for (auto& retired : retired_) {
    LogWarn("an action did not stop in time; its instance is left as it is", {{"action", retired.action->info->name}});
    (void)*new std::shared_ptr<LoadedAction>(std::move(retired.action));  // its attempts still point to it
  }
  retired_.clear();
}

}  // namespace orc
