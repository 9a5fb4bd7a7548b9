// Judges a call before it touches the wire.
#pragma once

#include <string>
#include <string_view>

#include "outbound/http_service.h"

namespace orc {

/// "" when method and headers can be sent as they are; else a sentence that names what can't. No CR, LF or NUL ever gets
/// into a request line or a header, and nobody but the service frames the message.
std::string CheckCall(const HttpCall& call);

/// Methods that may be repeated by their definition (RFC 9110, 9.2.2).
bool IsIdempotent(std::string_view method);
bool SameHeaderName(std::string_view a, std::string_view b);

}  // namespace orc
