// Where a page of a list ended, as the opaque text that clients hand back.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace orc {

/// The sort key of the last row that was given out. A list uses the members that it sorts by.
struct PagePosition {
  int64_t number = 0;  // a time in microseconds, or a version
  std::string id;
  int32_t step = -1;
  int32_t item = -1;
};

/// `list` names the kind of list ('w', 'v', 't', 'r', 'a'), so that a cursor of another list is refused.
std::string EncodeCursor(char list, const PagePosition& position);

/// kUnreadable when `cursor` is not one that EncodeCursor made for this kind of list.
Result<PagePosition> DecodeCursor(char list, const std::string& cursor);

}  // namespace orc
