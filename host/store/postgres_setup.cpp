#include "store/postgres_setup.h"

#include <algorithm>

#include "base/log.h"

namespace orc {
namespace {

constexpr int64_t kOldestVersion = 140'000;

// Planning: a plan is made while a table is nearly empty and kept while it grows, so that a scan of the whole table, or a hash of it, would
// be a bad bargain later: with them off, every statement goes by its index from the beginning. No JIT: the statements are short.
// Keepalives: a host that is gone must not keep its session, and with it the right to write, for hours.
// Commits wait for the disk (and for a standby that is configured to be waited for), whatever the server's default is.
constexpr const char* kSetUp =
    "SELECT set_config('statement_timeout', '%', false), set_config('idle_in_transaction_session_timeout', '5000', false), "
    "set_config('jit', 'off', false), set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false), "
    "set_config('enable_mergejoin', 'off', false), set_config('client_min_messages', 'warning', false), "
    "set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false), "
    "CASE WHEN current_setting('synchronous_commit') IN ('off', 'local', 'remote_write') "
    "THEN set_config('synchronous_commit', 'on', false) END";

constexpr const char* kLook =
    "SELECT current_setting('server_version_num'), current_setting('server_version'), pg_is_in_recovery()::int, "
    "(current_setting('default_transaction_read_only') = 'on')::int, current_setting('server_encoding'), coalesce(current_schema(), ''), "
    "current_setting('search_path')";

Error Unusable(std::string why) { return Error{ErrorCode::kUnavailable, std::move(why)}; }

Result<void> Judge(const PostgresRow& server) {
  if (server.Int(0) < kOldestVersion) return Unusable("its server is PostgreSQL " + server.Text(1) + ", 14 or newer is needed");
  if (server.Int(2) != 0) {
    return Unusable(
        "it is a standby, which can't be written to; name the primary in database.dsn, or all hosts (host1,host2) to find it by itself");
  }
  if (server.Int(3) != 0) {
    return Unusable("it is read-only (default_transaction_read_only is on for the server, the database or the user); turn that off there");
  }
  if (server.View(4) != "UTF8") {
    return Unusable("its encoding is " + server.Text(4) + "; make a database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }
  if (server.View(5).empty()) {
    return Unusable("no schema of its search path (" + server.Text(6) +
                    ") is there for this user; make one with CREATE SCHEMA, or correct options=-csearch_path%3D… in database.dsn");
  }
  return {};
}

}  // namespace

std::string ConninfoOf(const PostgresOptions& options) {
  PostgresDsn dsn = options.dsn;
  dsn.Set("client_encoding", "UTF8");
  dsn.SetDefault("application_name", "orchestrator");
  // libpq takes whole seconds, and less than two as two.
  dsn.SetDefault("connect_timeout", std::to_string(std::max<int64_t>(2, (options.connect_timeout_ms + 999) / 1000)));
  if (dsn.Get("host").find(',') != std::string_view::npos) dsn.SetDefault("target_session_attrs", "read-write");
  dsn.SetDefault("keepalives_idle", "10");
  dsn.SetDefault("keepalives_interval", "5");
  dsn.SetDefault("keepalives_count", "3");
  dsn.SetDefault("tcp_user_timeout", "20000");
  return dsn.ToConninfo();
}

Result<void> SetUpSession(PostgresSession& session, const PostgresOptions& options) {
  std::string set_up = kSetUp;
  set_up.replace(set_up.find('%'), 1, std::to_string(options.statement_timeout_ms));
  // Looking comes first: an older server may not know a setting.
  ORC_ASSIGN_OR_RETURN(const PostgresAnswer server, session.Execute(kLook));
  ORC_RETURN_IF_ERROR(Judge(server.first()));
  ORC_RETURN_IF_ERROR(session.Execute(set_up));
  return {};
}

void WarnOfRisks(PostgresSession& session) {
  const auto risks = session.Execute(
      "SELECT name, setting FROM pg_settings WHERE (name IN ('fsync', 'full_page_writes') AND setting = 'off') "
      "OR (name = 'synchronous_commit' AND setting = 'off')");
  if (!risks.ok()) return;
  for (int i = 0; i < risks->size(); ++i) {
    LogWarn("a setting of the PostgreSQL server can lose what was committed when its machine fails",
            {{"setting", risks->row(i).View(0)}, {"value", risks->row(i).View(1)}});
  }
}

}  // namespace orc
