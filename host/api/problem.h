// The one map from errors to HTTP: RFC 9457 problem details.
#pragma once

#include <string_view>
#include <vector>

#include "api/response.h"
#include "base/result.h"

namespace orc {

class JsonWriter;

int StatusOf(ErrorCode code);

/// `instance` is the path that was asked for ("" leaves it out); 503s carry Retry-After.
Response ProblemOf(const Error& error, std::string_view instance);
/// Under a status that the error's code alone does not tell.
Response ProblemOf(int status, const Error& error, std::string_view instance);
Response ProblemOf(int status, std::string_view detail, std::string_view instance);

/// Adds `"name":[{pointer, detail} …]`.
void WriteProblems(JsonWriter& writer, std::string_view name, const std::vector<Problem>& problems);

}  // namespace orc
