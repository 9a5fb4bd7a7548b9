// New versions of plugins beside the old ones, without a stop.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/log.h"
#include "plugin/library_file.h"
#include "plugin/plugin_host.h"

namespace orc {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLookEveryUs = 100'000;
constexpr int64_t kLingerUs = 10'000'000;  // a call that has completed its attempt is still on its way out of the instance
constexpr size_t kPrefix = sizeof("sha256:") - 1;

std::string NameOf(const std::string& file) { return fs::path(file).filename().string(); }

}  // namespace

std::shared_ptr<const PluginHost::ActionSet> PluginHost::Actions() const {
  const std::shared_lock lock(set_mutex_);
  return set_;
}

void PluginHost::Publish() {
  auto set = std::make_shared<const ActionSet>(actions_);
  const std::unique_lock lock(set_mutex_);
  set_.swap(set);
}

PluginReload PluginHost::Reload() {
  PluginReload report;
  const std::lock_guard reloading(reload_mutex_);
  if (stopped_) return report;
  report_ = &report;
  before_ = std::exchange(actions_, {});
  digests_before_ = std::exchange(digests_, {});
  failures_.clear();
  LoadFolders();
  for (const auto& [file, digest] : digests_before_) {
    if (!digests_.contains(file)) report.removed.push_back(NameOf(file));
  }
  Publish();
  for (auto& [name, action] : before_) {
    const auto it = actions_.find(name);
    if (it == actions_.end() || it->second != action) Retire(std::move(action));
  }
  before_.clear();
  report_ = nullptr;
  DestroyRetired(false);
  LogInfo("plugins reloaded", {{"loaded", report.loaded.size()},
                               {"kept", report.kept.size()},
                               {"removed", report.removed.size()},
                               {"failed", report.failed.size()}});
  return report;
}

/// A file that is the same as before keeps its actions as they are.
bool PluginHost::KeepUnchanged(const std::string& file) {
  digests_[file] = DigestOf(file);
  const auto before = digests_before_.find(file);
  if (report_ == nullptr || before == digests_before_.end() || before->second != digests_[file]) return false;
  TakeFromBefore(file);
  SettingsOf(file);  // its name is known
  report_->kept.push_back(NameOf(file));
  return true;
}

void PluginHost::LoadOrKeep(const std::string& file) {
  const size_t failures = failures_.size();
  LoadFile(file);
  if (report_ == nullptr) return;
  if (failures_.size() == failures) return report_->loaded.push_back(NameOf(file));
  for (size_t i = failures; i < failures_.size(); ++i) {
    report_->failed.push_back(NameOf(file) + ": " + failures_[i].check + ": " + failures_[i].detail);
  }
  const auto before = digests_before_.find(file);
  if (before == digests_before_.end()) return;
  // Whole, or not at all: what a faulty version did offer goes again, and what was there stays.
  std::erase_if(actions_, [&](auto& entry) {
    const bool is_of_file = entry.second->info->plugin_file == file;
    if (is_of_file) Retire(std::move(entry.second));
    return is_of_file;
  });
  digests_[file] = before->second;
  TakeFromBefore(file);
}

void PluginHost::TakeFromBefore(const std::string& file) {
  for (const auto& [name, action] : before_) {
    if (action->info->plugin_file == file) actions_.emplace(name, action);
  }
}

/// The dynamic linker answers a path that it knows with the library of before: a changed file is loaded from a copy.
Result<std::string> PluginHost::PathToLoad(const std::string& file) const {
  if (report_ == nullptr || !digests_before_.contains(file)) return file;
  const std::string unloadable = "the changed file needs a folder to be copied to before it is loaded";
  if (options_.copies_folder.empty()) return Error{ErrorCode::kUnavailable, unloadable + ": there is no state folder"};
  const fs::path folder = fs::path(options_.copies_folder) / digests_.at(file).substr(kPrefix, 32);
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (!fault) ::chmod(folder.c_str(), 0700);
  const fs::path copy = folder / NameOf(file);
  if (DigestOf(copy.string()) == digests_.at(file)) return copy.string();  // of an earlier reload; it may be in use: never write to it
  const fs::path unfinished = copy.string() + ".part";
  if (!fault) fs::copy_file(file, unfinished, fs::copy_options::overwrite_existing, fault);
  // Between the digest and the copy the file may have been written to once more.
  if (!fault && DigestOf(unfinished.string()) != digests_.at(file)) {
    return Error{ErrorCode::kUnavailable, "the file changed while it was read; reload again"};
  }
  if (!fault) fs::rename(unfinished, copy, fault);
  if (fault) return Error{ErrorCode::kUnavailable, unloadable + ": " + copy.string() + ": " + fault.message()};
  return copy.string();
}

void PluginHost::Retire(std::shared_ptr<LoadedAction> action) {
  const std::lock_guard lock(retired_mutex_);
  retired_.push_back({std::move(action)});
  has_retired_ = true;
  next_look_us_ = 0;
}

/// Of those whose attempts have ended; when the server stops, at once. Cheap when it is not yet time to look again.
void PluginHost::DestroyRetired(bool is_stopping) {
  const int64_t now_us = IsolationLoop::NowUs();
  if (!is_stopping && now_us < next_look_us_) return;
  const std::unique_lock lock(retired_mutex_, std::try_to_lock);
  if (!lock) return;
  next_look_us_ = now_us + kLookEveryUs;
  std::erase_if(retired_, [&](Retired& retired) {
    const LoadedAction& action = *retired.action;
    // Somebody who is about to start an attempt holds the set that it is in.
    const bool is_idle = (is_stopping || retired.action.use_count() == 1) && !core_->HasAttemptsOf(action);
    if (!is_idle) retired.idle_since_us = 0;
    if (is_idle && retired.idle_since_us == 0) retired.idle_since_us = now_us;
    const int64_t linger_us = is_stopping || action.info->is_isolated ? 0 : kLingerUs;
    if (!is_idle || now_us < retired.idle_since_us + linger_us) return false;
    action.table->destroy(action.instance);
    return true;
  });
  has_retired_ = !retired_.empty();
}

/// The run's log says which version of somebody else's plugin carried a try out.
void PluginHost::NoteVersion(const AttemptOrder& order, const ActionInfo& info) {
  if (!info.is_third_party) return;
  core_->NoteOnRun(order.key, info.name,
                   "carried out by " + info.plugin_name + " " + info.plugin_version + ", " + info.plugin_digest.substr(0, kPrefix + 16));
}

}  // namespace orc
