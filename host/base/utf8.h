// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// U+FFFD, what stands for bytes that are no text.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Length in bytes (1..4) of the character at `position`, or 0 when no valid one begins there.
size_t Utf8Length(std::string_view text, size_t position);

/// Offset of the first byte that is not part of a valid character; text.size() when all is well.
size_t FindBadUtf8(std::string_view text);

/// Appends one character; `code` must be one (no surrogate, at most U+10FFFF).
void AppendUtf8(std::string& text, uint32_t code);

/// The characters of valid UTF-8.
std::u32string DecodeUtf8(std::string_view text);
std::string EncodeUtf8(std::u32string_view text);
/// How many there are.
size_t CountUtf8(std::string_view text);

/// `text` when it has no more than `most` bytes; else so many whole characters of it as fit, and "…".
std::string Shortened(std::string text, size_t most);

}  // namespace orc
