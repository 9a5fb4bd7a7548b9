// What a connection is opened with, and what each new session is told and asked before it is used.
#pragma once

#include <string>

#include "store/postgres_session.h"
#include "store/postgres_store.h"

namespace orc {

/// How much longer than statement_timeout an answer is waited for: the server's own word comes first, if it still has one.
inline constexpr int64_t kAnswerGraceMs = 5'000;

/// The URL's values and this program's: UTF-8, a name, time-outs; of several hosts the one that can be written to.
std::string ConninfoOf(const PostgresOptions& options);

/// Sets what plans, time-outs and durability need. The error says what is wrong with the server and what to do: too old, a standby,
/// read-only, not UTF-8, without a schema.
Result<void> SetUpSession(PostgresSession& session, const PostgresOptions& options);

/// Lines in the log for settings of the server that can lose what was committed.
void WarnOfRisks(PostgresSession& session);

}  // namespace orc
