// How a run ends.
#pragma once

#include "engine/history.h"

namespace orc {

/// Every step is passed, or a condition stopped the run.
void SucceedRun(Draft& draft, const HistoryNote& note = {});
/// `error` is the failed step's message.
void FailRun(Draft& draft, const std::string& error);
void CancelRun(Draft& draft, const HistoryNote& note = {});

}  // namespace orc
