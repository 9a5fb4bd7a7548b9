// Finding a text in a text in linear time, whatever both are.
#pragma once

#include <string_view>

namespace orc {

/// Bytes before the first place at or after `from` where `part` stands; npos when there is none. std::string_view::find is quadratic for
/// texts made to be slow.
size_t FindFirst(std::string_view text, std::string_view part, size_t from = 0);
/// Of the last place.
size_t FindLast(std::string_view text, std::string_view part);

}  // namespace orc
