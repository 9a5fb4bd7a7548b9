// The bytes of a page as UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace orc::extract {

/// Decodes by the byte order mark, else the Content-Type's charset, else what an HTML page says of itself in its first bytes, else as
/// UTF-8 if it is, else as windows-1252. Names that the web's own list (WHATWG) does not have are not believed. What can't be decoded, and
/// NUL, becomes U+FFFD.
std::string DecodePage(std::string_view bytes, std::string_view content_type, bool is_html);

/// "text/html" of "Text/HTML; charset=utf-8".
std::string MediaType(std::string_view content_type);

}  // namespace orc::extract
