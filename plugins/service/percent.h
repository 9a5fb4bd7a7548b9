// Percent-encoding (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace orc::service {

/// Every byte but the unreserved ones (letters, digits, - . _ ~) becomes %XX: what may stand anywhere in a URL.
std::string PercentEncode(std::string_view text);

/// Encodes only what may not stand in a path or a query (spaces, controls, non-ASCII, "<>\^`{|} and a stray %). Escapes that are there
/// already stay as they are.
std::string EncodeIllegal(std::string_view text);

/// One round of decoding; a stray % stays.
std::string PercentDecode(std::string_view text);

bool IsControl(char c);

}  // namespace orc::service
