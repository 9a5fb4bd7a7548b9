// The configuration that every action understands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace orc::service {

/// Immutable once read.
struct Settings {
  std::string base_url;                                      // checked, no slash at the end; "" when there is none
  std::string path;                                          // below base_url
  std::vector<std::pair<std::string, std::string>> headers;  // sent to base_url's origin only: they may be credentials
  int64_t timeout_ms = 0;                                    // 0: the default
  uint64_t max_response_bytes = 0;                           // 0: the host's
  bool verify_tls = true;
  std::string ca_file;
  Json all;  // the whole document, for what one action has of its own

  /// Of an action's configuration (JSON that its schema accepts). Throws std::invalid_argument with a sentence for the administrator.
  static Settings Read(std::string_view config_json, std::string_view default_path = {});
};

}  // namespace orc::service
