// The parameters of SearXNG's search.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace orc::search {

/// `url` with the input's query, language, categories … in it; what the URL names already stays. kInvalid names the field that is wrong.
Result<std::string> AddSearch(std::string url, const JsonObject& input);

/// The input's query; "" when there is none: then the step's own URL or body says what to search.
std::string_view QueryOf(const JsonObject& input);

/// How many results are wanted at most.
size_t LimitOf(const JsonObject& input);

}  // namespace orc::search
