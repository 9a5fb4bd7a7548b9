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

/// What can be undone.
enum class Encoding : uint8_t {
  kEscapes,          // `\n`, `\"`, `\/`, `\u00e9` … A backslash that escapes nothing stays.
  kPercent,          // `%XX`
  kPercentAndSpace,  // also `+`
};

/// Nothing when there is nothing to undo. Without `with_begins` only the text is made. `source` has less than 4 GiB.
std::optional<DecodedText> Undo(Encoding encoding, std::string_view source, bool with_begins);
/// `outer` was decoded of the text of `inner`: as if it had been decoded of the source of `inner`.
DecodedText Joined(const DecodedText& inner, DecodedText outer);

}  // namespace orc
