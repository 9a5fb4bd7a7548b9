#include "store/postgres_errors.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace orc {
namespace {

std::string_view StateOf(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state != nullptr ? state : "";
}

ErrorCode CodeOf(std::string_view state) {
  if (state == "23505" || state == kGuardState) return ErrorCode::kConflict;
  const std::string_view kind = state.substr(0, 2);
  if (kind == "22" || kind == "23" || kind == "21" || kind == "54") return ErrorCode::kInvalid;
  // 42: tables or columns that are missing, rights that were taken; 26, 0A: a prepared statement that is gone or grew old.
  constexpr std::array<std::string_view, 13> kAway = {"08", "25", "26", "0A", "28", "3D", "3F", "40", "42", "53", "55", "57", "58"};
  const bool is_away = std::find(kAway.begin(), kAway.end(), kind) != kAway.end() || state == "XX001" || state == "XX002";
  return is_away ? ErrorCode::kUnavailable : ErrorCode::kInternal;
}

struct Advice {
  std::string_view sign;  // a SQLSTATE, or words of the message
  std::string_view text;
};

constexpr Advice kStatementAdvice[] = {
    {"53100", "; free some room on the database's disk: work goes on by itself then"},
    {"25006", "; the server became read-only: make it writable, or name the primary in database.dsn"},
    {"42501", "; grant this user the rights it needs on the schema and its tables"},
    {"42P01", "; the tables are not as this release left them: restore them, or restart the server"},
    {"42703", "; the tables are not as this release left them: restore them, or restart the server"},
    {"3F000", "; the schema is gone: restore it, or correct the search path of database.dsn"},
    {"26000", "; a pooler that gives each transaction another session can't be used: connect to the server, or set it to pool sessions"},
    {"57014", "; the database is too slow, or database.statement_timeout too short"},
    {"XX001", "; the database is damaged: restore it from a backup"},
    {"XX002", "; an index is damaged: REINDEX it, or restore a backup"},
};

// The words are those of libpq and the server in English; in another language there is no advice.
constexpr Advice kConnectAdvice[] = {
    {"password authentication failed", "correct user and password in database.dsn"},
    {"no password supplied", "the server wants a password: give it in database.dsn"},
    {"no pg_hba.conf entry",
     "the server does not let this user in from here: add a line to its pg_hba.conf, or another sslmode to database.dsn"},
    {"does not support SSL", "the server speaks no TLS: turn it on there, or use sslmode=disable in database.dsn"},
    {"certificate verify failed", "the server's certificate is not trusted: name its authority with sslrootcert in database.dsn"},
    {"root certificate file", "name the authority's file with sslrootcert in database.dsn"},
    {"server certificate for", "the certificate is another host's: use the host's own name, or sslmode=verify-ca"},
    {"role \"", "make that user (CREATE ROLE … LOGIN PASSWORD …), or name another one in database.dsn"},
    {"database \"", "make that database (CREATE DATABASE … OWNER …), or name another one in database.dsn"},
    {"too many clients", "raise the server's max_connections, or lower database.pool_size"},
    {"too many connections", "raise the connection limit there, or lower database.pool_size"},
    {"remaining connection slots are reserved", "raise the server's max_connections, or lower database.pool_size"},
    {"is read-only", "only standby or read-only servers answer: name the primary in database.dsn"},
    {"could not translate host name", "the host's name is not known: correct it in database.dsn"},
    {"Connection refused", "start PostgreSQL there, or correct host and port in database.dsn"},
    {"No such file or directory", "start PostgreSQL there, or correct the socket's folder in database.dsn"},
    {"timeout expired", "nothing answers at that address: look at the network, or correct host and port in database.dsn"},
};

constexpr std::string_view kPassing[] = {
    "Connection refused", "No such file or directory", "timeout expired", "starting up",       "shutting down",  "recovery mode",
    "too many",           "closed the connection",     "is read-only",    "could not receive", "could not send", "connection slots",
};

/// libpq's messages have several lines, each with its own indent.
std::string OnOneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != '\t') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

Error PostgresError(const PGresult* result) {
  const std::string_view state = StateOf(result);
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  std::string message = "PostgreSQL: " + OnOneLine(primary != nullptr ? primary : PQresultErrorMessage(result));
  if (!state.empty()) message.append(" (").append(state).append(")");
  for (const Advice& advice : kStatementAdvice) {
    if (state == advice.sign) message += advice.text;
  }
  return Error{CodeOf(state), std::move(message)};
}

Error ConnectionError(const PGconn* connection, std::string_view what) {
  const std::string found = OnOneLine(connection != nullptr ? PQerrorMessage(connection) : "no memory");
  std::string message = std::string(what) + ": " + found;
  for (const Advice& advice : kConnectAdvice) {
    if (found.find(advice.sign) == std::string::npos) continue;
    message.append("; ").append(advice.text);
    break;
  }
  return Error{ErrorCode::kUnavailable, std::move(message)};
}

bool IsTransient(const PGresult* result) {
  const std::string_view state = StateOf(result);
  return state == "40001" || state == "40P01";
}

bool MayPass(const Error& connection_error) {
  return std::any_of(std::begin(kPassing), std::end(kPassing),
                     [&](std::string_view words) { return connection_error.message.find(words) != std::string::npos; });
}

}  // namespace orc
