// Typed look-ups in one section of a checked configuration.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace orc {

/// Each call leaves `target` as it is when the key is not set, or is an empty text. A section that is not there has no keys.
class ConfigSection {
 public:
  ConfigSection(const Json& config, std::string_view name) : section_(orc::Find(config, name)) {}

  const Json* Find(std::string_view key) const { return section_ != nullptr ? orc::Find(*section_, key) : nullptr; }
  std::string Text(std::string_view key) const { return section_ != nullptr ? std::string(StringAt(*section_, key)) : std::string(); }

  void Read(std::string_view key, std::string& target) const {
    if (std::string text = Text(key); !text.empty()) target = std::move(text);
  }
  void Read(std::string_view key, bool& target) const {
    if (section_ != nullptr) target = BoolAt(*section_, key, target);
  }
  /// Also durations (milliseconds) and sizes (bytes): the check made numbers of them.
  template <typename Number>
  void ReadCount(std::string_view key, Number& target) const {
    if (section_ == nullptr) return;
    if (const auto number = IntAt(*section_, key)) target = static_cast<Number>(*number);
  }
  /// A text or a list of texts.
  void ReadList(std::string_view key, std::vector<std::string>& target) const {
    const Json* value = Find(key);
    if (value == nullptr) return;
    target.clear();
    if (value->is_string()) target.emplace_back(value->get_string().c_str());
    if (!value->is_array()) return;
    for (const Json& item : value->get_array()) target.emplace_back(item.as_string().c_str());
  }
  /// An object of texts.
  void ReadPairs(std::string_view key, std::vector<std::pair<std::string, std::string>>& target) const {
    const Json* value = Find(key);
    if (value == nullptr || !value->is_object()) return;
    for (const auto& member : value->get_object()) target.emplace_back(member.key(), member.value().as_string().c_str());
  }

 private:
  const Json* section_;
};

}  // namespace orc
