#include "store/postgres_store.h"

#include <chrono>
#include <thread>

#include "base/log.h"
#include "store/migrations.h"
#include "store/name_conflict.h"
#include "store/postgres_errors.h"
#include "store/postgres_store_impl.h"

namespace orc {
namespace {

constexpr int64_t kPollMs = 200;
constexpr int64_t kMigrationTimeoutMs = 3'600'000;

/// A server that is not there yet is waited for: it may be starting at the same time as this one.
Result<void> ConnectPatiently(PostgresSession& session, const PostgresOptions& options, const Clock& clock) {
  const int64_t deadline_us = clock.SteadyUs() + options.connect_timeout_ms * 1000;
  bool is_told = false;
  while (true) {
    const Result<void> connected = session.Connect();
    if (connected.ok()) return SetUpSession(session, options);
    if (!MayPass(connected.error()) || clock.SteadyUs() >= deadline_us) return connected;
    if (!is_told) LogInfo("waiting for the database", {{"database", options.dsn.ToShow()}, {"error", connected.error().message}});
    is_told = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs));
  }
}

/// On a connection of its own, which may be silent for long.
Result<void> Prepare(const PostgresOptions& options, const Clock& clock) {
  PostgresSession session(ConninfoOf(options), kMigrationTimeoutMs);
  ORC_RETURN_IF_ERROR(ConnectPatiently(session, options, clock));
  ORC_RETURN_IF_ERROR(MigratePostgres(session, KnownPostgresMigrations()));
  WarnOfRisks(session);
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresOptions& options, const Clock& clock) {
  auto store = std::make_unique<PostgresStore>(options, clock);
  Result<void> opened = Prepare(options, clock);
  if (opened.ok()) opened = store->Open(options.connect_timeout_ms);
  if (opened.ok()) return std::unique_ptr<Store>(std::move(store));
  return Error{opened.error().code, "cannot use the database " + options.dsn.ToShow() + ": " + opened.error().message};
}

Result<void> PostgresStore::Commit(std::span<const Change* const> changes) {
  Result<void> written = writer_.Commit(changes);
  if (written.ok() || written.error().code != ErrorCode::kConflict) return written;
  return NameConflict(*this, changes, written.error());
}

}  // namespace orc
