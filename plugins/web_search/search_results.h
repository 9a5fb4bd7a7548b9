// SearXNG's answer, made even.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace orc::search {

/// {query, results: [{title, url, content, engine, score?, …}], count, total?, answers, suggestions, corrections, unresponsive_engines}.
/// Missing fields become empty. kInvalid when `body` is not what SearXNG answers, with what to do about it.
Result<Json> ReadResults(std::string_view body, std::string_view content_type, std::string_view query, size_t limit);

/// "bing (timeout), qwant (access denied)"; "" when all engines answered.
std::string UnresponsiveEngines(const Json& results);

}  // namespace orc::search
