// Loads test plugins from a folder of its own, and runs attempts in them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "plugin/plugins.h"
#include "support/http_stub.h"

namespace orc::test {

/// Keeps what attempts report.
class RecordingSink : public AttemptSink {
 public:
  struct Line {
    AttemptKey key;
    std::string action, level, text;
  };
  void OnFinished(AttemptFinished result) override {
    std::lock_guard lock(mutex_);
    finished_.push_back(std::move(result));
    changed_.notify_all();
  }
  void OnLog(const AttemptKey& key, const std::string& action, std::string level, std::string text) override {
    if (text.starts_with("carried out by ")) return;  // the host's own line, before those of the action
    std::lock_guard lock(mutex_);
    lines_.push_back({key, action, std::move(level), std::move(text)});
    changed_.notify_all();
  }
  /// Waits until so many have ended.
  bool WaitFinished(size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return finished_.size() >= count; });
  }
  bool WaitLine(const std::string& text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] {
      for (const auto& line : lines_) {
        if (line.text == text) return true;
      }
      return false;
    });
  }
  std::vector<AttemptFinished> finished() {
    std::lock_guard lock(mutex_);
    return finished_;
  }
  std::vector<Line> lines() {
    std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<AttemptFinished> finished_;
  std::vector<Line> lines_;
};

class PluginTest : public ::testing::Test {
 protected:
  PluginTest() {
    char name[] = "/tmp/orc-plugins-XXXXXX";
    folder_ = ::mkdtemp(name);
    http_ = std::move(HttpService::Start({.allow = {"127.0.0.1"}})).value();
  }
  ~PluginTest() override {
    plugins_.reset();
    http_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string Built(const std::string& name) const { return std::string(ORC_BINARY_DIR) + "/tests/plugins/" + name + ".so"; }
  std::string InFolder(const std::string& name) const { return folder_ + "/" + name + ".so"; }
  void Install(const std::string& name) { std::filesystem::copy_file(Built(name), InFolder(name)); }

  /// Every plugin that is loaded from now on runs in a process of its own (or not).
  void Isolate(bool isolated) { own_folder_ = isolated ? "/nowhere" : ""; }

  void Load(Plugins::Options options = {}) {
    if (options.folders.empty()) options.folders = {folder_};
    options.own_folder = own_folder_;
    options.process_program = std::string(ORC_BINARY_DIR) + "/bin/orchestrator-plugin-host";
    plugins_ = Plugins::Load(options, clock_, *http_);
    plugins_->Bind(sink_);
  }

  /// Processes of this one that have not ended.
  static size_t Children() {
    size_t count = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::ifstream children(task.path() / "children");
      for (int pid = 0; children >> pid;) ++count;
    }
    return count;
  }
  static AttemptKey KeyOf(int try_number) {
    AttemptKey key;
    key.run_id = "run_1";
    key.try_number = try_number;
    return key;
  }
  /// Starts a try of its own of `action`; the key is told apart by its try number. `names_secrets`: as the definition says of the step.
  AttemptKey Start(const std::string& action, const std::string& input = "{}", bool names_secrets = false) {
    auto definition = std::make_shared<Definition>();
    definition->steps.emplace_back();
    definition->steps[0].id = "step_1";
    definition->steps[0].name = "the step";
    definition->steps[0].action = action;
    definition->steps[0].names_secrets = names_secrets;
    AttemptOrder order;
    order.key = KeyOf(++tries_);
    order.workflow_id = "wf_1";
    order.definition = std::move(definition);
    order.input = input;
    order.idempotency_key = "key-" + std::to_string(tries_);
    const AttemptKey key = order.key;
    plugins_->Start(std::move(order));
    return key;
  }
  /// One whose input is what the engine leaves of a step's that names secrets.
  AttemptFinished RunWithSecrets(const std::string& action, const std::string& input) { return WaitFor(Start(action, input, true)); }
  /// Starts a try and waits for its end.
  AttemptFinished Run(const std::string& action, const std::string& input = "{}") {
    const AttemptKey key = Start(action, input);
    return WaitFor(key);
  }
  AttemptFinished WaitFor(const AttemptKey& key) {
    for (size_t count = 1; sink_.WaitFinished(count); ++count) {
      const auto all = sink_.finished();
      for (const auto& finished : all) {
        if (finished.key == key) return finished;
      }
      count = all.size();
    }
    ADD_FAILURE() << "the attempt did not end";
    return {};
  }

  std::string folder_;
  std::string own_folder_;
  SystemClock clock_;
  std::unique_ptr<HttpService> http_;
  RecordingSink sink_;
  std::unique_ptr<Plugins> plugins_;
  int tries_ = 0;
};

}  // namespace orc::test
