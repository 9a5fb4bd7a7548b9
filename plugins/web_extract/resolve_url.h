// A link on a page as a whole URL.
#pragma once

#include <string>
#include <string_view>

namespace orc::extract {

/// `reference` seen from `base` (RFC 3986, 5.2), as lenient as browsers are: spaces around it and line breaks in it don't count, a
/// backslash is a slash. Without fragment, fully encoded. "" for what is no http or https URL in the end. `base` passed CheckUrl.
std::string ResolveUrl(std::string_view base, std::string_view reference);

}  // namespace orc::extract
