// bad-config-is-explained: create takes every configuration that the schema allows, or says why not.
#include "plugin/abi_check.h"
#include "sample.h"
#include "subject.h"

namespace orc::check {
namespace {

using orchestrator::testing::FakeHost;

struct Reason {
  std::string text;
  int writes = 0;
};

void Write(void* context, orc_text text) {
  auto& reason = *static_cast<Reason*>(context);
  reason.text += View(text);
  ++reason.writes;
}

/// "" or what is wrong with how `create` answered.
std::string FaultOf(const Action& action, FakeHost& host, const std::string& config, bool& refused) {
  Reason reason;
  const orc_sink sink{&reason, &Write};
  const std::string shown = config.size() > 120 ? config.substr(0, 120) + "…" : config;
  try {
    std::string copy = config;  // borrowed for the call only
    void* instance = action.table->create(host.table(), Text(copy), &sink);
    copy.assign(copy.size(), '#');
    refused = instance == nullptr;
  } catch (...) {
    return "create let an exception out with the configuration " + shown;
  }
  if (!refused) return {};
  if (reason.text.empty()) return "create refuses the configuration " + shown + " without a word";
  if (reason.writes > 1)
    return "create wrote " + std::to_string(reason.writes) + " errors for the configuration " + shown + "; expected one";
  return IsUtf8(reason.text) ? "" : "the error for the configuration " + shown + " is not UTF-8";
}

Finding OfAction(Subject&, const Action& action) {
  auto& host = Forever(std::make_unique<FakeHost>());
  const auto given = ParseJson(action.config);
  std::vector<Json> configs = HostileNear(*given, action.config_schema_json, action.config_schema.get(), true);
  if (!action.config_schema || action.config_schema->Validate(*given).empty()) configs.insert(configs.begin(), *given);
  for (const Json& config : configs) {
    bool refused = false;
    if (std::string fault = FaultOf(action, host, PrintJson(config), refused); !fault.empty())
      return Failed("\"" + action.name + "\": " + fault);
  }
  return Passed("");
}

}  // namespace

Finding BadConfigIsExplained(Subject& subject) {
  return ForEachAction(subject, "odd configurations are taken, or refused with a sentence", &OfAction);
}

}  // namespace orc::check
