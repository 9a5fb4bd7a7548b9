// Runs attempts in the built plugins, with the host's real parts, against a stub.
#pragma once

#include <gmock/gmock.h>

#include "base/json.h"
#include "unit/plugin/plugin_fixture.h"

namespace orc::test {

class ActionTest : public PluginTest {
 protected:
  /// Loads all built plugins. `config` is keyed by action name.
  void LoadActions(std::map<std::string, Json> config = {}, size_t max_output_bytes = 2u << 20) {
    Plugins::Options options;
    options.folders = {std::string(ORC_BINARY_DIR) + "/lib/orchestrator/plugins"};
    options.action_config = std::move(config);
    options.max_output_bytes = max_output_bytes;
    options.check_ownership = false;  // a build folder may be shared
    Load(options);
    for (const auto& failure : plugins_->failures()) ADD_FAILURE() << failure.file << ": " << failure.check << ": " << failure.detail;
  }

  /// Runs the action with the input, which is JSON in which %URL% stands for the stub.
  AttemptFinished Do(const std::string& action, std::string input) {
    if (!plugins_) LoadActions();
    for (size_t at = input.find("%URL%"); at != std::string::npos; at = input.find("%URL%")) input.replace(at, 5, stub_.url());
    return Run(action, input);
  }

  StubRequest LastRequest() const {
    const auto all = stub_.requests();
    EXPECT_FALSE(all.empty());
    return all.empty() ? StubRequest() : all.back();
  }
  Json LastBody() const { return Parse(LastRequest().body); }

  static Json Parse(const std::string& text) {
    const auto json = ParseJson(text);
    EXPECT_TRUE(json.ok()) << text;
    return json.ok() ? *json : Json();
  }
  static std::string Words(const AttemptFinished& finished) { return finished.error.code + ": " + finished.error.message; }

  HttpStub stub_;
};

}  // namespace orc::test
