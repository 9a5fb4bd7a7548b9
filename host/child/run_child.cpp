#include "child/run_child.h"

#include <unistd.h>

#include "child/confine.h"
#include "child/process_host.h"
#include "plugin/abi_check.h"
#include "plugin/library.h"

namespace orc {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitNotOurServer = 2;
constexpr int kExitFault = 3;

std::string TextOf(orc_text text) { return std::string(View(text)); }

wire::Described Describe(const orc_plugin& plugin, std::string measures) {
  wire::Described described{TextOf(plugin.name),    TextOf(plugin.version), TextOf(plugin.licence),
                            TextOf(plugin.summary), std::move(measures),    {}};
  for (size_t i = 0; i < plugin.action_count; ++i) {
    const orc_action& a = *plugin.actions[i];
    described.actions.push_back({a.flags, TextOf(a.name), TextOf(a.version), TextOf(a.summary), TextOf(a.config_schema),
                                 TextOf(a.input_schema), TextOf(a.output_schema), a.cancel != nullptr, a.check_health != nullptr});
  }
  return described;
}

/// The table, or why it can't be used.
std::variant<const orc_plugin*, wire::Fault> Load(const std::string& file) {
  auto opened = OpenLibrary(file);
  if (const auto* failure = std::get_if<Plugins::Failure>(&opened)) return wire::Fault{failure->check, failure->detail};
  const orc_plugin* plugin = std::get<const orc_plugin*>(opened);
  if (std::string fault = CheckPluginTable(*plugin); !fault.empty()) return wire::Fault{"abi", std::move(fault)};
  for (size_t i = 0; i < plugin->action_count; ++i) {
    if (std::string fault = CheckActionTable(plugin->actions[i], i); !fault.empty()) return wire::Fault{"action", std::move(fault)};
  }
  return plugin;
}

}  // namespace

int RunChild(int descriptor) {
  static Channel& channel = *new Channel(descriptor);  // the plugin's threads may use it to the very end
  const auto first = channel.Receive();
  const auto hello = first && first->kind == wire::Kind::kHello ? wire::Hello::Decode(first->payload) : std::nullopt;
  if (!hello) return kExitNotOurServer;
  std::string measures = Confine(*hello);
  auto loaded = Load(hello->file);
  if (const auto* fault = std::get_if<wire::Fault>(&loaded)) {
    channel.Send(fault->Encode());
    ::_exit(kExitFault);
  }
  const orc_plugin& plugin = *std::get<const orc_plugin*>(loaded);
  channel.Send(Describe(plugin, std::move(measures)).Encode());
  static ProcessHost& host = *new ProcessHost(channel, plugin, *hello);
  const bool is_asked = host.Serve();
  // Not exit(): a static destructor that hangs must not keep the process.
  ::_exit(is_asked ? kExitOk : wire::kExitLostConnection);
}

}  // namespace orc
