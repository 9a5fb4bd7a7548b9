#include "store/postgres_sql.h"

#include <array>

#define ORC_ROWS "jsonb_array_elements($1::jsonb) AS t(v)"

#define ORC_TERMINAL "'SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT'"

// The commit is on its way behind the statements, in the same pipeline: what must stop it has to be an error on the server. A division by
// zero is one that needs no function in the database, and nothing else here divides (kGuardState).
#define ORC_UNLESS(query) "SELECT 1 / (NOT EXISTS (" query "))::int"
#define ORC_COUNTED(update) "WITH changed AS (" update " RETURNING 1) SELECT 1 / (count(*) = $2::bigint)::int FROM changed"

// Advisory locks that say which ids a writer may hold are named by a tag of the schema and, below it, the id.
#define ORC_TAG "(quote_ident(current_schema())::regnamespace::oid::bigint % 32749 + 1)"

namespace orc {
namespace {

constexpr std::string_view kNewWorkflows[] = {
    "INSERT INTO workflows (id, key, name, description, version, archived, created_us, updated_us) "
    "SELECT v->>0, v->>1, v->>2, v->>3, (v->>4)::bigint, (v->>5)::bigint, (v->>6)::bigint, (v->>7)::bigint FROM " ORC_ROWS};

constexpr std::string_view kWorkflowUpdates[] = {
    ORC_UNLESS("SELECT 1 FROM " ORC_ROWS
               " JOIN runs AS r ON r.workflow_id = v->>0 WHERE (v->>8)::bigint <> 0 AND r.status NOT IN (" ORC_TERMINAL
               ") AND $2::bigint > 0"),
    ORC_COUNTED("UPDATE workflows AS w SET key = v->>2, name = v->>3, description = v->>4, version = (v->>5)::bigint, "
                "archived = (v->>6)::bigint, updated_us = (v->>7)::bigint FROM " ORC_ROWS
                " WHERE w.id = v->>0 AND ((v->>1)::bigint = 0 OR w.version = (v->>1)::bigint)")};

constexpr std::string_view kNewVersions[] = {
    "INSERT INTO workflow_versions (id, workflow_id, version, created_us, payload) "
    "SELECT v->>0, v->>1, (v->>2)::bigint, (v->>3)::bigint, v->>4 FROM " ORC_ROWS};

constexpr std::string_view kNewTemplates[] = {
    "INSERT INTO templates (id, name, description, created_us, updated_us, document) "
    "SELECT v->>0, v->>1, v->>2, (v->>3)::bigint, (v->>4)::bigint, v->>5 FROM " ORC_ROWS};

constexpr std::string_view kTemplateUpdates[] = {
    ORC_COUNTED("UPDATE templates AS x SET name = v->>1, description = v->>2, updated_us = (v->>3)::bigint, document = v->>4 FROM " ORC_ROWS
                " WHERE x.id = v->>0")};

constexpr std::string_view kDeletedTemplates[] = {"DELETE FROM templates AS x USING " ORC_ROWS " WHERE x.id = v->>0"};

constexpr std::string_view kNewRuns[] = {
    ORC_UNLESS("SELECT 1 FROM " ORC_ROWS " JOIN workflows AS w ON w.id = v->>14 WHERE w.archived <> 0"),
    "INSERT INTO runs (status, revision, attempt, next_step, next_event, wake_us, started_us, updated_us, finished_us, cancel_forced, "
    "error, extra, expires_us, id, workflow_id, workflow_version, created_us, created_by, approve_every_step, labels, origin) "
    "SELECT v->>0, (v->>1)::bigint, (v->>2)::bigint, (v->>3)::bigint, (v->>4)::bigint, (v->>5)::bigint, (v->>6)::bigint, (v->>7)::bigint, "
    "(v->>8)::bigint, (v->>9)::bigint, v->>10, v->>11, (v->>12)::bigint, v->>13, v->>14, (v->>15)::bigint, (v->>16)::bigint, v->>17, "
    "(v->>18)::bigint, v->>19, v->>20 FROM " ORC_ROWS};

constexpr std::string_view kRunUpdates[] = {ORC_COUNTED(
    "UPDATE runs AS r SET status = v->>0, revision = (v->>1)::bigint, attempt = (v->>2)::bigint, next_step = (v->>3)::bigint, "
    "next_event = (v->>4)::bigint, wake_us = (v->>5)::bigint, started_us = (v->>6)::bigint, updated_us = (v->>7)::bigint, "
    "finished_us = (v->>8)::bigint, cancel_forced = (v->>9)::bigint, error = v->>10, extra = v->>11, expires_us = (v->>12)::bigint "
    "FROM " ORC_ROWS " WHERE r.id = v->>13 AND r.revision = (v->>14)::bigint")};

// The items over which a for_each loops are kept: they were frozen when it began.
constexpr std::string_view kClearedSteps[] = {
    "DELETE FROM run_steps AS s USING " ORC_ROWS " WHERE s.run_id = v->>0 AND s.step = (v->>1)::bigint AND s.item = (v->>2)::bigint",
    "DELETE FROM run_documents AS d USING " ORC_ROWS
    " WHERE d.run_id = v->>0 AND d.kind IN ('input', 'output', 'response_headers', 'message') AND d.step = (v->>1)::bigint "
    "AND d.item = (v->>2)::bigint"};

constexpr std::string_view kSteps[] = {
    "INSERT INTO run_steps AS s (run_id, step, item, status, since_us, tries, due_us, started_us, finished_us, http_code, error, approval, "
    "extra) "
    "SELECT v->>0, (v->>1)::bigint, (v->>2)::bigint, v->>3, (v->>4)::bigint, (v->>5)::bigint, (v->>6)::bigint, (v->>7)::bigint, "
    "(v->>8)::bigint, (v->>9)::bigint, v->>10, v->>11, v->>12 FROM " ORC_ROWS
    " ON CONFLICT (run_id, step, item) DO UPDATE SET "
    "since_us = CASE WHEN s.status = excluded.status THEN s.since_us ELSE excluded.since_us END, "
    "status = excluded.status, tries = excluded.tries, due_us = excluded.due_us, started_us = excluded.started_us, "
    "finished_us = excluded.finished_us, http_code = excluded.http_code, error = excluded.error, approval = excluded.approval, "
    "extra = excluded.extra"};

constexpr std::string_view kDocuments[] = {
    "INSERT INTO run_documents (run_id, kind, step, item, bytes, text) "
    "SELECT v->>0, v->>1, (v->>2)::bigint, (v->>3)::bigint, (v->>4)::bigint, v->>5 FROM " ORC_ROWS
    " ON CONFLICT (run_id, kind, step, item) DO UPDATE SET bytes = excluded.bytes, text = excluded.text"};

constexpr std::string_view kEvents[] = {
    "INSERT INTO run_events (run_id, workflow_id, number, at_us, type, step, item, payload) "
    "SELECT v->>0, v->>1, (v->>2)::bigint, (v->>3)::bigint, v->>4, (v->>5)::bigint, (v->>6)::bigint, v->>7 FROM " ORC_ROWS};

constexpr std::string_view kLogs[] = {
    "INSERT INTO run_logs (run_id, at_us, step, try_number, level, source, text) "
    "SELECT v->>0, (v->>1)::bigint, (v->>2)::bigint, (v->>3)::bigint, v->>4, v->>5, v->>6 FROM " ORC_ROWS
    " WHERE EXISTS (SELECT 1 FROM runs WHERE id = v->>0)"};

constexpr std::string_view kOldIdempotency[] = {
    "DELETE FROM idempotency_keys WHERE created_us < (SELECT max((v->>0)::bigint) FROM " ORC_ROWS ")"};

constexpr std::string_view kIdempotency[] = {
    "INSERT INTO idempotency_keys (scope, key, body_hash, status, location, created_us, body) "
    "SELECT v->>0, v->>1, v->>2, (v->>3)::bigint, v->>4, (v->>5)::bigint, v->>6 FROM " ORC_ROWS};

// One row a hook: a statement may not touch a row twice.
constexpr std::string_view kHookCursors[] = {
    "INSERT INTO hook_cursors (hook, event_id) SELECT DISTINCT ON (v->>0) v->>0, (v->>1)::bigint "
    "FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS t(v, place) ORDER BY v->>0, place DESC "
    "ON CONFLICT (hook) DO UPDATE SET event_id = excluded.event_id",
    "DELETE FROM run_events WHERE $1::jsonb IS NOT NULL AND run_id IN (SELECT run_id FROM deleted_runs) "
    "AND id <= (SELECT min(event_id) FROM hook_cursors)",
    "DELETE FROM deleted_runs AS d WHERE $1::jsonb IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run_events AS e WHERE e.run_id = d.run_id)"};

// The events that a hook still has to deliver stay until its cursor has passed them.
constexpr std::string_view kDeletedRuns[] = {
    ORC_UNLESS("SELECT 1 FROM " ORC_ROWS " JOIN runs AS r ON r.id = v->>0 WHERE r.status NOT IN (" ORC_TERMINAL ")"),
    "DELETE FROM run_steps AS s USING " ORC_ROWS " WHERE s.run_id = v->>0",
    "DELETE FROM run_documents AS d USING " ORC_ROWS " WHERE d.run_id = v->>0",
    "UPDATE history_mark SET last_event_id = m.id FROM (SELECT max(e.id) AS id FROM " ORC_ROWS
    " JOIN run_events AS e ON e.run_id = v->>0) AS m WHERE m.id > last_event_id",
    "DELETE FROM run_events AS e USING " ORC_ROWS
    " WHERE e.run_id = v->>0 AND e.id <= coalesce((SELECT min(event_id) FROM hook_cursors), 9223372036854775807)",
    "INSERT INTO deleted_runs (run_id) SELECT v->>0 FROM " ORC_ROWS
    " WHERE EXISTS (SELECT 1 FROM run_events WHERE run_id = v->>0) ON CONFLICT DO NOTHING",
    "DELETE FROM run_logs AS l USING " ORC_ROWS " WHERE l.run_id = v->>0",
    "DELETE FROM runs AS r USING " ORC_ROWS " WHERE r.id = v->>0"};

constexpr std::array<PostgresBatchSql, kRowKinds> kSql = {{
    {kNewWorkflows},
    {kWorkflowUpdates, true},
    {kNewVersions},
    {kNewTemplates},
    {kTemplateUpdates, true},
    {kDeletedTemplates},
    {kNewRuns},
    {kRunUpdates, true},
    {kRunUpdates, true},  // PostgreSQL leaves an index alone whose columns keep their values, whatever SET names
    {kClearedSteps},
    {kSteps},
    {kDocuments},
    {kEvents},
    {kLogs},
    {kOldIdempotency},
    {kIdempotency},
    {kHookCursors},
    {kDeletedRuns},
}};
static_assert(!kSql.back().statements.empty(), "an entry for every kind of row, in their order");

}  // namespace

const PostgresBatchSql& PostgresSqlOf(RowKind kind) { return kSql[static_cast<size_t>(kind)]; }

const std::string_view kHoldHistoryIds = "SELECT pg_advisory_xact_lock_shared(" ORC_TAG " << 48 | last_value) FROM history_ids";

const std::string_view kSeeGivenIds = "SELECT set_config('orchestrator.given_id', last_value::text, false) FROM history_ids";

const std::string_view kSeeSettledIds =
    "SELECT set_config('orchestrator.settled_id', least(current_setting('orchestrator.given_id')::bigint, "
    "(SELECT min((classid::bigint << 32 | objid::bigint) & 281474976710655) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid::bigint >> 16 = " ORC_TAG
    "))::text, false)";

}  // namespace orc
