// Values that a schema allows, and hostile ones near them.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/json_schema.h"

namespace orc::check {

/// A value that the schema probably allows: from its const, enum, examples, default, or made up of its type. Null schema: {}.
Json SampleOf(const Json& schema);

/// Values that break naive code: `base` with each member, and each that `schema` names, replaced by something odd; and whole documents.
/// Only those that `judge` (null: everything) allows; `objects_only` leaves out the rest.
std::vector<Json> HostileNear(const Json& base, const Json& schema, const JsonSchema* judge, bool objects_only);

}  // namespace orc::check
