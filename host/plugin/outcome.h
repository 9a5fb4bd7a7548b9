// What a plugin reports, judged and brought into the engine's form.
#pragma once

#include <orchestrator/abi.h>

#include <string>

#include "engine/event.h"
#include "plugin/redaction.h"

namespace orc {

/// A failure that is not retryable.
AttemptFinished FailedAttempt(AttemptKey key, std::string code, std::string message, std::string detail = {});

/// Nothing is trusted: output must be JSON and within the limit, texts are made storable, values of secrets are taken out. An attempt that
/// was cancelled and reports failure counts as cancelled.
AttemptFinished ReadResult(AttemptKey key, const orc_result* result, bool was_cancelled, size_t max_output_bytes,
                           const Redaction& redaction = {});

}  // namespace orc
