#include "plugin/abi_check.h"

#include <array>
#include <cstddef>
#include <utility>

#include "base/json.h"

namespace orc {
namespace {

constexpr size_t kMaxText = 1u << 20;
constexpr size_t kMaxActions = 256;
// As they were in 1.0: a plugin of that time has no more, and needs no more.
constexpr size_t kPluginSize = offsetof(orc_plugin, action_count) + sizeof(size_t);
constexpr size_t kActionSize = offsetof(orc_action, check_health) + sizeof(void*);

std::string TextFault(std::string_view what, orc_text text, bool may_be_empty) {
  if (text.data == nullptr && text.size != 0) return std::string(what) + " is NULL with a size of " + std::to_string(text.size);
  if (text.size > kMaxText) return std::string(what) + " has " + std::to_string(text.size) + " bytes; expected at most 1 MiB";
  if (text.size == 0) return may_be_empty ? std::string() : std::string(what) + " is empty";
  return IsUtf8(View(text)) ? std::string() : std::string(what) + " is not UTF-8";
}

std::string SizeFault(std::string_view what, size_t found, size_t expected) {
  if (found >= expected) return {};
  return std::string(what) + " says it has " + std::to_string(found) + " bytes; ABI " + std::to_string(ORC_ABI_MAJOR) + " needs at least " +
         std::to_string(expected);
}

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string_view View(orc_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }
orc_text Text(std::string_view text) { return {text.data(), text.size()}; }

bool IsActionName(std::string_view name) {
  bool at_start = true;  // of a part between dots
  for (const char c : name) {
    if (at_start ? !IsLower(c) : !(IsLower(c) || (c >= '0' && c <= '9') || c == '_' || c == '.')) return false;
    at_start = c == '.';
  }
  return !at_start && name.size() <= 128;
}

std::string CheckPluginTable(const orc_plugin& plugin) {
  // The major stands before everything else: of another one, not even the size means what it means here.
  if (plugin.abi_major != ORC_ABI_MAJOR) {
    return "the plugin speaks ABI " + std::to_string(plugin.abi_major) + "." + std::to_string(plugin.abi_minor) + ", this server ABI " +
           std::to_string(ORC_ABI_MAJOR) + "." + std::to_string(ORC_ABI_MINOR) + "; build it with the SDK of ABI " +
           std::to_string(ORC_ABI_MAJOR);
  }
  if (auto fault = SizeFault("orc_plugin", plugin.struct_size, kPluginSize); !fault.empty()) return fault;
  const std::array<std::pair<const char*, orc_text>, 4> texts = {{{"the plugin's name", plugin.name},
                                                                  {"the plugin's version", plugin.version},
                                                                  {"the plugin's licence", plugin.licence},
                                                                  {"the plugin's summary", plugin.summary}}};
  for (size_t i = 0; i < texts.size(); ++i) {
    if (auto fault = TextFault(texts[i].first, texts[i].second, i >= 2); !fault.empty()) return fault;
  }
  if (plugin.action_count == 0) return "the plugin offers no action";
  if (plugin.action_count > kMaxActions)
    return "the plugin claims to offer " + std::to_string(plugin.action_count) + " actions; expected at most 256";
  if (plugin.actions == nullptr) return "the plugin's list of actions is NULL";
  return {};
}

std::string CheckActionTable(const orc_action* action, size_t index) {
  const std::string nth = "action " + std::to_string(index + 1);
  if (action == nullptr) return nth + " of the plugin is NULL";
  if (auto fault = SizeFault("orc_action of " + nth, action->struct_size, kActionSize); !fault.empty()) return fault;
  if (auto fault = TextFault("the name of " + nth, action->name, false); !fault.empty()) return fault;
  const std::string name(View(action->name));
  if (!IsActionName(name)) {
    return "\"" + name + "\" is no name for an action; expected lower-case words with digits and _ joined by dots, such as web.search";
  }
  const std::array<std::pair<const char*, orc_text>, 5> texts = {{{"the version", action->version},
                                                                  {"the summary", action->summary},
                                                                  {"the configuration schema", action->config_schema},
                                                                  {"the input schema", action->input_schema},
                                                                  {"the output schema", action->output_schema}}};
  for (size_t i = 0; i < texts.size(); ++i) {
    if (auto fault = TextFault(std::string(texts[i].first) + " of \"" + name + "\"", texts[i].second, i >= 1); !fault.empty()) return fault;
  }
  if (action->create == nullptr) return "the function create of \"" + name + "\" is NULL";
  if (action->destroy == nullptr) return "the function destroy of \"" + name + "\" is NULL";
  if (action->start == nullptr) return "the function start of \"" + name + "\" is NULL";
  return {};
}

}  // namespace orc
