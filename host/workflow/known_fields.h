// Which fields of a workflow document mean something, and which will only in a later release.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace orc {

struct CheckReport;  // check.h

/// Fields that a schema declares which the administrator put in place of ours: they are no surprise.
struct DeclaredFields {
  std::vector<std::string> workflow;
  std::vector<std::string> step;
};

/// What `schema` (a document, with the files of `dir` that it refers to) declares.
DeclaredFields FieldsOf(const Json& schema, const std::string& dir);

/// Fields that are not known become warnings with the nearest known name (errors when `strict`); fields that belong to the language of
/// a later release are errors, because leaving out an `if` would do something else than what is asked. Looks at the workflow, its
/// steps, their `retry`, and the input of `transform` and `condition` (what other actions take is their plugin's business).
void CheckFields(const Json& document, bool strict, const DeclaredFields& declared, CheckReport& report);

}  // namespace orc
