#include "service/settings.h"

#include <stdexcept>

#include "service/url.h"

namespace orc::service {

Settings Settings::Read(std::string_view config_json, std::string_view default_path) {
  auto config = ParseJson(config_json.empty() ? "{}" : config_json);
  if (!config.ok()) throw std::invalid_argument("the configuration is not JSON: " + config.error().message);
  Settings settings;
  settings.all = std::move(config).value();
  settings.path = StringAt(settings.all, "path", default_path);
  if (const auto base = StringAt(settings.all, "base_url"); !base.empty()) {
    auto checked = CheckBaseUrl(base);
    if (!checked.ok()) throw std::invalid_argument("base_url: " + checked.error().message);
    settings.base_url = std::move(checked).value();
    if (const auto joined = JoinPath(settings.base_url, settings.path); !joined.ok())
      throw std::invalid_argument("path: " + joined.error().message);
  }
  if (const Json* headers = Find(settings.all, "headers"); headers != nullptr && headers->is_object()) {
    for (const auto& header : headers->get_object()) {
      settings.headers.emplace_back(header.key(),
                                    header.value().is_string() ? std::string_view(header.value().get_string()) : std::string_view());
    }
  }
  settings.timeout_ms = IntAt(settings.all, "timeout_ms").value_or(0);
  settings.max_response_bytes = static_cast<uint64_t>(IntAt(settings.all, "max_response_bytes").value_or(0));
  settings.verify_tls = BoolAt(settings.all, "verify_tls", true);
  settings.ca_file = StringAt(settings.all, "ca_file");
  return settings;
}

}  // namespace orc::service
