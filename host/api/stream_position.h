// Where a stream begins: after the last row that its client has.
#pragma once

#include <cstdint>

#include "api/context.h"

namespace orc {

/// `Last-Event-ID`, else `?last_event_id=`, else `fallback`. kUnreadable for anything but the id of a row.
Result<int64_t> ReadStreamPosition(const Call& call, int64_t fallback);

/// kNotFound unless there is such a run.
Result<void> CheckRunExists(const Call& call, const std::string& run_id);

}  // namespace orc
