// The text of server-sent events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Appends one event with `id`. Every line of `data` gets a "data:" of its own, whichever line break ends it, so that text with
/// line breaks in it arrives whole.
void AppendSseEvent(std::string& out, int64_t id, std::string_view data);

/// What a stream begins with: how long to wait before connecting again.
std::string_view SseGreeting();

/// `event: end` with `data` (one line).
std::string SseEnd(std::string_view data);

}  // namespace orc
