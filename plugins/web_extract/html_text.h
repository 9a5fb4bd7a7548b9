// The text of a page that a reader came for.
#pragma once

#include <cstddef>
#include <string>

#include "html_document.h"

namespace orc::extract {

struct PageText {
  std::string text;  // a line for each block; white space folded, but for <pre>
  bool truncated = false;
};

/// Without scripts, styles, navigation, asides, footers and hidden parts; of <article> or <main> alone when that holds at least half of
/// it. At most `max_chars` characters.
PageText MainText(xmlNode* root, size_t max_chars);

}  // namespace orc::extract
