// URLs of actions: checked, joined and extended, always fully encoded.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace orc::service {

/// `text` as it can be sent: what is illegal in path and query is encoded, the fragment is gone. kInvalid, with a sentence that says
/// what was found, for anything but an http or https URL with a host. Whether the host may be called is the host's own business.
Result<std::string> CheckUrl(std::string_view text);

/// The same for a base URL, which has neither query nor fragment; without a slash at the end.
Result<std::string> CheckBaseUrl(std::string_view text);

/// `path` (with a query of its own, perhaps) below `base`, which passed CheckUrl. kInvalid for what could leave it: "." and ".."
/// segments (also encoded), backslashes, "//" at the front, whole URLs, control characters.
Result<std::string> JoinPath(std::string_view base, std::string_view path);

/// `url` with name=value added to its query, both encoded.
std::string AddQuery(std::string url, std::string_view name, std::string_view value);
/// Whether the query of `url` names `name`.
bool HasQuery(std::string_view url, std::string_view name);

/// "https://host:8443" in lower case without the default port; "" when `url` is none.
std::string OriginOf(std::string_view url);

/// For messages: no credentials, no query, cut after 200 bytes.
std::string ShownUrl(std::string_view url);

}  // namespace orc::service
