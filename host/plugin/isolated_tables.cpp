#include "plugin/isolated_tables.h"

#include "plugin/abi_check.h"

namespace orc {
namespace {

/// What stands for an action's instance on this side.
struct RemoteAction {
  std::shared_ptr<IsolatedPlugin> plugin;
  uint32_t action;
};

RemoteAction& From(void* instance) { return *static_cast<RemoteAction*>(instance); }

void* NoCreate(const orc_host*, orc_text, const orc_sink*) { return nullptr; }  // Maker does it
void Destroy(void* instance) { delete &From(instance); }
void Start(void* instance, orc_attempt attempt, const orc_request* request) {
  From(instance).plugin->Start(From(instance).action, attempt, *request);
}
void Cancel(void* instance, orc_attempt attempt) { From(instance).plugin->Cancel(attempt); }
int32_t CheckHealth(void* instance, const orc_sink* sink) {
  std::string report;
  const int32_t code = From(instance).plugin->CheckHealth(From(instance).action, report);
  if (code != 0 && sink != nullptr && sink->write != nullptr) sink->write(sink->context, Text(report));
  return code;
}

}  // namespace

IsolatedTables::IsolatedTables(std::shared_ptr<IsolatedPlugin> plugin) : plugin_(std::move(plugin)) {
  const wire::Described& described = plugin_->description();
  for (const wire::ActionTexts& a : described.actions) {
    orc_action action{};
    action.struct_size = sizeof action;
    action.flags = a.flags & ~uint32_t{ORC_ACTION_BLOCKING};  // its process has a pool of its own
    action.name = Text(a.name);
    action.version = Text(a.version);
    action.summary = Text(a.summary);
    action.config_schema = Text(a.config_schema);
    action.input_schema = Text(a.input_schema);
    action.output_schema = Text(a.output_schema);
    action.create = &NoCreate;
    action.destroy = &Destroy;
    action.start = &Start;
    action.cancel = &Cancel;
    action.check_health = &CheckHealth;
    actions_.push_back(action);
  }
  for (const orc_action& action : actions_) pointers_.push_back(&action);
  table_.struct_size = sizeof table_;
  table_.abi_major = ORC_ABI_MAJOR;
  table_.abi_minor = ORC_ABI_MINOR;
  table_.name = Text(described.name);
  table_.version = Text(described.version);
  table_.licence = Text(described.licence);
  table_.summary = Text(described.summary);
  table_.actions = pointers_.data();
  table_.action_count = pointers_.size();
}

ActionMaker IsolatedTables::Maker(uint32_t action) {
  return [this, action](const std::string& config, std::string& reason) -> void* {
    reason = plugin_->Make(action, config);
    return reason.empty() ? new RemoteAction{plugin_, action} : nullptr;
  };
}

}  // namespace orc
