// Typed look-ups in one section of a checked configuration.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "app/units.h"
#include "base/json.h"

namespace orc {

/// Each call leaves `target` as it is when the key is not set. A section that is not there has no keys.
class ConfigSection {
 public:
  ConfigSection(const Json& config, std::string_view name) : section_(orc::Find(config, name)) {}

  const Json* Find(std::string_view key) const { return section_ != nullptr ? orc::Find(*section_, key) : nullptr; }
  std::string Text(std::string_view key) const { return section_ != nullptr ? std::string(StringAt(*section_, key)) : std::string(); }

  void Read(std::string_view key, std::string& target) const {
    if (Find(key) != nullptr) target = Text(key);
  }
  void Read(std::string_view key, bool& target) const {
    if (section_ != nullptr) target = BoolAt(*section_, key, target);
  }
  template <typename Number>
  void ReadCount(std::string_view key, Number& target) const {
    if (section_ == nullptr) return;
    if (const auto number = IntAt(*section_, key)) target = static_cast<Number>(*number);
  }
  void ReadSize(std::string_view key, size_t& target) const {
    if (const Json* value = Find(key)) target = static_cast<size_t>(orc::ReadSize(*value).value_or(static_cast<int64_t>(target)));
  }
  void ReadDuration(std::string_view key, int64_t& target_ms) const {
    if (const Json* value = Find(key)) target_ms = ReadDurationMs(*value).value_or(target_ms);
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
