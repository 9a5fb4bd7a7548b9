#include "app/database_commands.h"

#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <map>

#include "app/flags.h"
#include "store/move.h"
#include "store/schema_state.h"

namespace orc {
namespace {

constexpr const char* kMigrateHelp = R"(orchestrator migrate [--config FILE] [--check | --to N]
  brings the schema of the configured database to this release, as the server does when it starts
  --check    only says which migrations are applied and which are missing; exit code 1 when some are
  --to N     up to migration N only
)";

constexpr const char* kMoveHelp = R"(orchestrator move --from DATABASE --to DATABASE [--config FILE]
  copies everything into an empty database of the other kind, reads it back, and keeps it only if counts and digests are the same.
  No server may work on either. DATABASE is sqlite:PATH or postgres://…; the word sqlite means the one in state_dir,
  postgres the one of database.dsn.
)";

constexpr const char* kMoveNeeds = "move needs --from DATABASE and --to DATABASE (see orchestrator move --help)";

Error BadUsage(std::string message) { return Error{ErrorCode::kUnreadable, std::move(message)}; }

/// Flags with their values, "" for those without.
using Words = std::map<std::string, std::string>;

Result<Words> ReadWords(const std::vector<std::string>& arguments, const std::map<std::string, bool>& takes_value) {
  Words words;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const size_t equals = arguments[i].find('=');
    std::string name = arguments[i].substr(0, equals);
    if (name.starts_with('-') && !name.starts_with("--")) name.insert(0, "-");
    const auto known = takes_value.find(name);
    if (known == takes_value.end()) return BadUsage("the flag " + arguments[i] + " is not known here (see --help)");
    const bool is_behind = known->second && equals == std::string::npos;
    if (is_behind && i + 1 == arguments.size()) return BadUsage(name + " needs a value");
    if (!known->second && equals != std::string::npos) return BadUsage(name + " takes no value");
    words[name] = is_behind ? arguments[++i] : equals == std::string::npos ? "" : arguments[i].substr(equals + 1);
  }
  return words;
}

Result<Config> LoadFor(const Words& words, ConfigSource source) {
  if (const auto file = words.find("--config"); file != words.end()) source.file = file->second;
  return LoadConfig(source);
}

Result<int> Migrate(const Words& words, const Config& config) {
  int to = 0;
  if (const auto number = words.find("--to"); number != words.end()) {
    const std::string& text = number->second;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), to);
    if (fault != std::errc() || end != text.data() + text.size() || to < 1) return BadUsage("--to needs the number of a migration");
  }
  if (config.memory_store) return BadUsage("database.dsn is memory:, which has no schema");
  const auto read = [&config] { return config.postgres ? ReadPostgresSchema(*config.postgres) : ReadSqliteSchema(config.sqlite_file); };
  const bool only_check = words.contains("--check");
  if (only_check && to > 0) return BadUsage("--check and --to exclude each other");
  if (!only_check) {
    ORC_RETURN_IF_ERROR(config.postgres ? MigratePostgresSchema(*config.postgres, to) : MigrateSqliteSchema(config.sqlite_file, to));
  }
  ORC_ASSIGN_OR_RETURN(const SchemaState state, read());
  std::printf("%s\n", config.StoreName().c_str());
  for (const AppliedMigration& migration : state.applied) std::printf("  %-40s applied\n", migration.name.c_str());
  for (const Migration& migration : state.pending) std::printf("  %-40s missing\n", std::string(migration.name).c_str());
  return only_check && !state.pending.empty() ? kExitFailed : kExitOk;
}

struct Place {
  std::string sqlite_file = {};
  std::optional<PostgresOptions> postgres = {};
  std::string name() const { return postgres ? postgres->dsn.ToShow() : "sqlite:" + sqlite_file; }
};

Result<Place> PlaceOf(const std::string& text, const Config& config) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (text == "sqlite") return Place{.sqlite_file = config.state_dir + "/orchestrator.db"};
  if (text.starts_with(kSqlite) && text.size() > kSqlite.size()) return Place{.sqlite_file = text.substr(kSqlite.size())};
  if (text == "postgres" || text == "postgresql") {
    if (!config.postgres) return BadUsage("database.dsn of the configuration is no postgres:// URL: name the database by its URL");
    return Place{.postgres = config.postgres};
  }
  if (!PostgresDsn::IsOne(text))
    return BadUsage("a DATABASE is sqlite, sqlite:PATH, postgres or postgres://… (see orchestrator move --help)");
  auto dsn = PostgresDsn::Parse(text);
  if (!dsn.ok()) return BadUsage("the postgres:// URL: " + dsn.error().message);
  Place place;
  place.postgres = config.postgres.value_or(PostgresOptions{});
  place.postgres->dsn = std::move(dsn).value();
  return place;
}

Result<std::unique_ptr<MoveSide>> OpenSide(const Place& place, bool is_source) {
  return place.postgres ? OpenPostgresSide(*place.postgres, is_source) : OpenSqliteSide(place.sqlite_file, is_source);
}

Result<int> MoveAll(const Words& words, const Config& config) {
  if (!words.contains("--from") || !words.contains("--to")) return BadUsage(kMoveNeeds);
  ORC_ASSIGN_OR_RETURN(const Place from, PlaceOf(words.at("--from"), config));
  ORC_ASSIGN_OR_RETURN(const Place to, PlaceOf(words.at("--to"), config));
  if (from.postgres.has_value() == to.postgres.has_value()) {
    return BadUsage("a move goes from one kind of database to the other; within one kind copy the file, or use pg_dump");
  }
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<MoveSide> source, OpenSide(from, true));
  ORC_ASSIGN_OR_RETURN(const std::unique_ptr<MoveSide> target, OpenSide(to, false));
  int64_t rows = 0;
  ORC_RETURN_IF_ERROR(Move(*source, *target, [&rows](const MovedReport& report) {
    rows += report.rows;
    std::printf("%-20s %12" PRId64 " rows  sha256 %s\n", report.table.c_str(), report.rows, report.digest.c_str());
    std::fflush(stdout);
  }));
  std::printf("%" PRId64 " rows moved, read back and found the same: %s -> %s\n", rows, from.name().c_str(), to.name().c_str());
  return kExitOk;
}

void PrintFault(const Error& error) {
  for (const Problem& problem : error.problems) std::fprintf(stderr, "%s\n", problem.detail.c_str());
  std::fprintf(stderr, "orchestrator: %s\n", error.message.c_str());
}

}  // namespace

bool IsDatabaseCommand(std::string_view word) { return word == "migrate" || word == "move"; }

int RunDatabaseCommand(const std::string& word, const std::vector<std::string>& arguments, ConfigSource source) {
  const bool is_move = word == "move";
  const std::map<std::string, bool> migrate_flags = {{"--config", true}, {"--check", false}, {"--to", true}, {"--help", false}};
  const std::map<std::string, bool> move_flags = {{"--config", true}, {"--from", true}, {"--to", true}, {"--help", false}};
  const Result<Words> words = ReadWords(arguments, is_move ? move_flags : migrate_flags);
  if (words.ok() && words->contains("--help")) return std::fputs(is_move ? kMoveHelp : kMigrateHelp, stdout) < 0 ? kExitFailed : kExitOk;
  if (!words.ok()) {
    PrintFault(words.error());
    return kExitBadUsage;
  }
  const Result<Config> config = LoadFor(*words, std::move(source));
  if (!config.ok()) {
    PrintFault(config.error());
    return kExitBadConfig;
  }
  const Result<int> code = is_move ? MoveAll(*words, *config) : Migrate(*words, *config);
  if (code.ok()) return *code;
  PrintFault(code.error());
  return code.error().code == ErrorCode::kUnreadable ? kExitBadUsage : kExitFailed;
}

}  // namespace orc
