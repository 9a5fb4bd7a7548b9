// The body of an answer as the output of a step.
#pragma once

#include <string>
#include <string_view>

namespace orc::service {

/// One JSON document: `body` itself when it is JSON, else a JSON string when it is UTF-8, else {"base64": "..."}. Nothing is null.
/// JSON passes through as text, so that it stays exactly what the far side sent.
std::string BodyAsJson(std::string_view body);

/// "" or why a body that looks like JSON (an object or an array) became a string.
std::string WhyNotJson(std::string_view body);

std::string Base64(std::string_view bytes);

/// What an answer of an error says in words, wherever services put that ("detail", "message", "error", "error.message"); or "".
std::string ErrorText(std::string_view body);

}  // namespace orc::service
