#include "app/action_config.h"

#include <algorithm>
#include <utility>

#include "app/config_section.h"

namespace orc {
namespace {

/// Collects the keys of one action's configuration; what is not set stays out, so that the plugin's own default counts.
class ActionConfig {
 public:
  ActionConfig(const Json& config, std::string_view section, JsonObject begin = {})
      : section_(config, section), object_(std::move(begin)) {}

  ActionConfig& Copy(std::string_view key, std::string_view as = {}) {
    const Json* value = section_.Find(key);
    const bool empty = value == nullptr || (value->is_string() && value->get_string().empty());
    if (!empty) object_[as.empty() ? key : as] = *value;
    return *this;
  }
  ActionConfig& Duration(std::string_view key) {
    int64_t ms = -1;
    section_.ReadCount(key, ms);
    if (ms >= 0) object_[std::string(key) + "_ms"] = ms;
    return *this;
  }
  ActionConfig& Size(std::string_view key) {
    size_t bytes = 0;
    section_.ReadCount(key, bytes);
    if (bytes > 0) object_[key] = bytes;
    return *this;
  }
  /// The sub-section's keys count before those of the section.
  ActionConfig& Override(std::string_view sub_section, std::string_view key) {
    const Json* sub = section_.Find(sub_section);
    const Json* value = sub != nullptr ? Find(*sub, key) : nullptr;
    if (value != nullptr && value->is_string() && !value->get_string().empty()) object_[key] = *value;
    return *this;
  }
  Json Take() { return std::move(object_); }

 private:
  ConfigSection section_;
  JsonObject object_;
};

void CollectBaseUrls(const Json& value, std::vector<std::string>& hosts) {
  if (!value.is_object()) return;
  for (const auto& member : value.get_object()) {
    if (member.value().is_object()) {
      CollectBaseUrls(member.value(), hosts);
    } else if (member.key() == "base_url" && member.value().is_string()) {
      std::string host = HostOfUrl(member.value().get_string());
      if (!host.empty() && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(std::move(host));
    }
  }
}

}  // namespace

std::map<std::string, Json> ActionConfigs(const Json& config) {
  // How calls are made (`http.*` but its time-out) counts for every action: a private certificate authority, say.
  const auto section = [&](std::string_view name) {
    Json calls = ActionConfig(config, "http").Size("max_response_bytes").Copy("verify_tls").Copy("ca_file").Take();
    return ActionConfig(config, name, std::move(calls.get_object()));
  };
  const auto service = [&](std::string_view name) { return section(name).Copy("base_url").Copy("headers").Duration("timeout"); };
  const auto web = [&](std::string_view part) { return service("web").Override(part, "base_url").Override(part, "path").Take(); };
  const auto memarch = [&](std::string_view path) { return service("memarch").Copy(path, "path").Copy("project_id").Take(); };
  return {
      {"http", section("http").Duration("timeout").Take()},
      {"ai_router.chat", service("ai_router").Copy("path").Copy("model").Take()},
      {"web.search", web("search")},
      {"web.extract", web("extract")},
      {"memarch.store_fact", memarch("store_path")},
      {"memarch.search", memarch("search_path")},
      {"scm.call", service("scm").Copy("path").Take()},
  };
}

std::string HostOfUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (const size_t user = authority.rfind('@'); user != std::string_view::npos) authority.remove_prefix(user + 1);
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

std::vector<std::string> ConfiguredHosts(const Json& config) {
  std::vector<std::string> hosts;
  if (!config.is_object()) return hosts;
  for (const auto& section : config.get_object()) {
    if (section.key() != "plugins") CollectBaseUrls(section.value(), hosts);  // what a plugin of another's calls so is its own matter
  }
  return hosts;
}

}  // namespace orc
