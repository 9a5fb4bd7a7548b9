// Text with an encoding undone, and where each byte of it came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

struct DecodedText {
  std::string text = {};
  std::vector<uint32_t> begins = {};  // one more than bytes: the last is the end of the source

  /// The part of the source that bytes [begin, end) were made of.
  uint32_t SourceBegin(size_t begin) const { return begins[begin]; }
  uint32_t SourceEnd(size_t end) const { return begins[end]; }
};

// Nothing when there is nothing to undo. `source` has less than 4 GiB.

/// `%XX`; with `plus_is_space` also `+`.
std::optional<DecodedText> UndoPercent(std::string_view source, bool plus_is_space);
/// `\n`, `\"`, `\/`, `\u00e9` … A backslash that escapes nothing stays.
std::optional<DecodedText> UndoEscapes(std::string_view source);
/// `outer` was decoded of the text of `inner`: as if it had been decoded of the source of `inner`.
DecodedText Joined(const DecodedText& inner, DecodedText outer);

}  // namespace orc
