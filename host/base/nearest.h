// "did you mean …?": the known name nearest to one that is not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// The nearest of `known` by edit distance (insert, delete, replace, swap), or "" when none is near enough to be meant.
std::string NearestName(std::string_view name, const std::vector<std::string>& known);

/// "" or ` (did you mean "x"?)`, ready to be appended to a message.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& known);

}  // namespace orc
