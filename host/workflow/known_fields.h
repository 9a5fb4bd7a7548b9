// Which fields of a workflow document mean something, and which will only in a later release.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace orc {

struct CheckReport;  // check.h

/// Fields that are not known become warnings with the nearest known name (errors when `strict`); fields that belong to the language of
/// a later release are errors, because leaving out an `if` would do something else than what is asked.
/// `also_known` are those of a schema that the administrator put in place of ours.
void CheckFields(const Json& document, bool strict, const std::vector<std::string>& also_known, CheckReport& report);

}  // namespace orc
