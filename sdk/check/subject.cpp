#include "subject.h"

#include <dlfcn.h>

#include "plugin/abi_check.h"
#include "plugin/library.h"
#include "sample.h"

namespace orc::check {
namespace {

Result<std::shared_ptr<const JsonSchema>> Compile(const std::string& action, const char* which, orc_text text, Json* kept) {
  if (text.size == 0) return std::shared_ptr<const JsonSchema>();
  const std::string name = std::string("the ") + which + " schema of \"" + action + "\"";
  auto json = ParseJson(View(text));
  if (!json.ok()) return Error{ErrorCode::kInvalid, name + " is not JSON: " + json.error().message};
  auto schema = JsonSchema::Compile(name, *json);
  if (!schema.ok()) {
    std::string detail = name + " is not a usable schema: " + schema.error().message;
    for (const Problem& problem : schema.error().problems) detail += "; " + problem.pointer + ": " + problem.detail;
    return Error{ErrorCode::kInvalid, std::move(detail)};
  }
  if (kept != nullptr) *kept = std::move(json).value();
  return schema;
}

/// `config` may be the action's own, or hold one for each action.
std::string ConfigOf(const Json& config, const std::string& action, size_t action_count) {
  if (const Json* own = Find(config, action)) return PrintJson(*own);
  return action_count == 1 ? PrintJson(config) : "{}";
}

}  // namespace

Result<const orc_plugin*> Subject::Open() {
  if (plugin_ != nullptr) return plugin_;
  auto opened = OpenLibrary(file());
  if (const auto* failure = std::get_if<Plugins::Failure>(&opened)) return Error{ErrorCode::kInvalid, failure->detail};
  plugin_ = std::get<const orc_plugin*>(opened);
  return plugin_;
}

Result<std::vector<Action>> Subject::Actions() {
  if (actions_) return *actions_;
  ORC_ASSIGN_OR_RETURN(const orc_plugin* plugin, Open());
  std::vector<Action> actions;
  for (size_t i = 0; i < plugin->action_count; ++i) {
    Action action;
    action.table = plugin->actions[i];
    action.name = View(action.table->name);
    ORC_ASSIGN_OR_RETURN(action.config_schema,
                         Compile(action.name, "configuration", action.table->config_schema, &action.config_schema_json));
    ORC_ASSIGN_OR_RETURN(action.input_schema, Compile(action.name, "input", action.table->input_schema, &action.input_schema_json));
    ORC_ASSIGN_OR_RETURN(action.output_schema, Compile(action.name, "output", action.table->output_schema, nullptr));
    action.config = ConfigOf(options_.config, action.name, plugin->action_count);
    actions.push_back(std::move(action));
  }
  actions_ = actions;
  return actions;
}

Result<std::vector<Example>> Subject::Examples() {
  if (options_.examples_folder.empty()) return std::vector<Example>();
  return ReadExamples(options_.examples_folder);
}

Result<std::vector<Example>> Subject::InputsOf(const Action& action) {
  ORC_ASSIGN_OR_RETURN(std::vector<Example> all, Examples());
  std::vector<Example> inputs;
  for (Example& example : all) {
    // An example's own configuration makes another instance: examples-pass runs those.
    if (example.action == action.name && !example.config) inputs.push_back(std::move(example));
  }
  if (!inputs.empty()) return inputs;
  Example made_up;
  made_up.action = action.name;
  const Json sample = SampleOf(action.input_schema_json);
  if (action.input_schema && !action.input_schema->Validate(sample).empty()) return inputs;
  made_up.input = PrintJson(sample);
  inputs.push_back(std::move(made_up));
  return inputs;
}

Obstacle Make(Bench& bench, const Action& action) {
  const auto config = ParseJson(action.config);
  if (action.config_schema) {
    if (const auto problems = action.config_schema->Validate(*config); !problems.empty()) {
      return Skipped("\"" + action.name + "\" needs a configuration (--config FILE): " + problems.front().pointer + ": " +
                     problems.front().detail);
    }
  }
  try {
    bench.tester = std::make_unique<orchestrator::testing::ActionTester>(*action.table, bench.host, action.config);
    return std::nullopt;
  } catch (const std::exception& e) {
    return Skipped("\"" + action.name + "\" refuses the configuration " + action.config.substr(0, 100) +
                   " (--config FILE gives another): " + e.what());
  }
}

Obstacle StartOn(Bench& bench, const Action& action, const Example& example, orc_attempt& id) {
  try {
    id = bench.tester->Start(example.input);
    return std::nullopt;
  } catch (const std::exception& e) {
    return Failed("\"" + action.name + "\" let an exception out of start: " + e.what());
  } catch (...) {
    return Failed("\"" + action.name + "\" let an exception out of start");
  }
}

std::string EndFault(const Bench& bench, const std::vector<orc_attempt>& ids) {
  for (const orc_attempt id : ids) {
    const int ends = bench.host.Ends(id);
    if (ends > 1) return "an attempt was completed " + std::to_string(ends) + " times";
    if (ends == 0) return "an attempt did not end";
  }
  if (const int unknown = bench.host.UnknownEnds(); unknown > 0)
    return std::to_string(unknown) + " attempts were completed that never were";
  return bench.host.ResultFault();
}

Finding ForEachAction(Subject& subject, std::string_view done, Finding (*body)(Subject& subject, const Action& action)) {
  const auto actions = subject.Actions();
  if (!actions.ok()) return Failed(actions.error().message);
  std::string skipped;
  size_t passed = 0;
  for (const Action& action : *actions) {
    Finding finding = body(subject, action);
    if (finding.verdict == Verdict::kFailed) return finding;
    if (finding.verdict == Verdict::kPassed) ++passed;
    if (finding.verdict == Verdict::kSkipped) skipped += (skipped.empty() ? "" : "; ") + finding.detail;
  }
  if (passed == 0) return Skipped(std::move(skipped));
  std::string detail(done);
  return Passed(skipped.empty() ? detail : detail + "; not run: " + skipped);
}

}  // namespace orc::check
