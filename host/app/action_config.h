// Which keys of the configuration each action is given.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace orc {

/// The configuration document of each action, by action name. `config` is a checked configuration.
std::map<std::string, Json> ActionConfigs(const Json& config);

/// The hosts of every configured base_url, each once: calls to them are allowed whatever the egress policy says.
std::vector<std::string> ConfiguredHosts(const Json& config);

/// "ai-router" of "http://user@ai-router:8080/v1"; the address without brackets of an IPv6 literal; "" when there is none.
std::string HostOfUrl(std::string_view url);

}  // namespace orc
