// The bridge to nlohmann::json (Debian: nlohmann-json3-dev).
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "orchestrator/json.hpp"

namespace orchestrator {

template <>
struct JsonBridge<nlohmann::json> {
  static nlohmann::json Read(std::string_view text) {
    try {
      return nlohmann::json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::exception& e) {
      throw std::invalid_argument(std::string("not JSON: ") + e.what());
    }
  }
  /// Bytes that are not UTF-8 become U+FFFD.
  static std::string Write(const nlohmann::json& value) { return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }
};

}  // namespace orchestrator
