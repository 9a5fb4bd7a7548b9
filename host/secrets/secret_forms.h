// The spellings in which a value may come back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orc {

struct SecretForm {
  std::string text = {};
  // Of base64: the character before (after) it holds some bits of the value too.
  bool reaches_before = false;
  bool reaches_behind = false;
};

/// As it is, in small and in capital letters (as a host's name comes back), in hexadecimal, and in base64 (both alphabets, wherever in the
/// encoded bytes the value begins); of several lines also each line, as a key in PEM is shown indented or line by line. Percent-encoding
/// and JSON's escapes are undone before the search instead: they have too many spellings.
std::vector<SecretForm> FormsOf(std::string_view value);

}  // namespace orc
