// Ids of runs that a decision makes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// An id like any run's, but made of the time of the decision and of what the run is for: deciding again gives the same one.
std::string MadeRunId(int64_t now_us, std::string_view seed);

}  // namespace orc
