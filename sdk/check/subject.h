// The plugin under check, as a check's own process sees it.
#pragma once

#include <orchestrator/abi.h>

#include <memory>
#include <optional>
#include <orchestrator/testing/action_tester.hpp>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_schema.h"
#include "base/result.h"
#include "check.h"
#include "example.h"
#include "options.h"

namespace orc::check {

/// An action and its compiled schemas (null: none).
struct Action {
  std::string name;
  const orc_action* table = nullptr;
  std::shared_ptr<const JsonSchema> config_schema;
  std::shared_ptr<const JsonSchema> input_schema;
  std::shared_ptr<const JsonSchema> output_schema;
  Json input_schema_json;  // null: none
  Json config_schema_json;
  std::string config;  // what it is made with: JSON text
};

/// What keeps an action from being made or run.
using Obstacle = std::optional<Finding>;

class Subject {
 public:
  explicit Subject(const Options& options) : options_(options) {}

  const Options& options() const { return options_; }
  const std::string& file() const { return options_.plugin_file; }

  /// The library's table; loaded at the first call. A finding when it can't be had.
  Result<const orc_plugin*> Open();
  /// Its actions with compiled schemas; Open first. Faults of schemas are an error.
  Result<std::vector<Action>> Actions();
  /// The examples of the folder that was named; those of other actions are left out. Error: a file that is no example.
  Result<std::vector<Example>> Examples();
  /// Inputs to try: those of the action's examples, else one that is made up from its schema. May be empty.
  Result<std::vector<Example>> InputsOf(const Action& action);

 private:
  const Options& options_;
  const orc_plugin* plugin_ = nullptr;
  std::optional<std::vector<Action>> actions_;
};

/// An action made with its configuration behind a fake host. `obstacle` says why it could not be made.
struct Bench {
  orchestrator::testing::FakeHost host;
  std::unique_ptr<orchestrator::testing::ActionTester> tester;
};
Obstacle Make(Bench& bench, const Action& action);
/// Starts an attempt; a failure when start lets an exception out.
Obstacle StartOn(Bench& bench, const Action& action, const Example& example, orc_attempt& id);
/// "" or what is wrong with how attempts on this bench ended.
std::string EndFault(const Bench& bench, const std::vector<orc_attempt>& ids);

/// Runs `body` for every action, and keeps the first failure; skipped when no action could be run.
Finding ForEachAction(Subject& subject, std::string_view done, Finding (*body)(Subject& subject, const Action& action));

/// Nobody destroys anything after this: only destroys-cleanly wants to see that.
template <typename T>
T& Forever(std::unique_ptr<T> object) {
  return *object.release();
}

}  // namespace orc::check
