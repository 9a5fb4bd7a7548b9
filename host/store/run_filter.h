// What a list of runs is asked for, as parameters of a statement.
#pragma once

#include <string>
#include <vector>

#include "engine/store.h"

namespace orc {

/// The one status as it is, several as a JSON array.
std::string StatusParameter(const std::vector<RunStatus>& statuses);
/// A JSON array of [key, value].
std::string LabelsParameter(const RunFilter& filter);

}  // namespace orc
