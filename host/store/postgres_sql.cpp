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
    "error, extra, expires_us, id, workflow_id, workflow_version, created_us, created_by, approve_every_step, labels, origin, "
    "limit_key, schedule_id) "
    "SELECT v->>0, (v->>1)::bigint, (v->>2)::bigint, (v->>3)::bigint, (v->>4)::bigint, (v->>5)::bigint, (v->>6)::bigint, (v->>7)::bigint, "
    "(v->>8)::bigint, (v->>9)::bigint, v->>10, v->>11, (v->>12)::bigint, v->>13, v->>14, (v->>15)::bigint, (v->>16)::bigint, v->>17, "
    "(v->>18)::bigint, v->>19, v->>20, v->>21, v->>22 FROM " ORC_ROWS};

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

constexpr std::string_view kReadMail[] = {
    "DELETE FROM run_mail AS m USING " ORC_ROWS
    " WHERE m.to_run = v->>0 AND m.from_run = v->>1 AND m.kind = (v->>2)::bigint AND m.attempt = (v->>3)::bigint"};

// One row of each key, the last: a statement may not touch a row twice. Likewise below, one row a hook.
constexpr std::string_view kMail[] = {
    "INSERT INTO run_mail (to_run, from_run, kind, attempt, step, item) "
    "SELECT DISTINCT ON (v->>0, v->>1, v->>2, v->>3) v->>0, v->>1, (v->>2)::bigint, (v->>3)::bigint, (v->>4)::bigint, (v->>5)::bigint "
    "FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS t(v, place) ORDER BY v->>0, v->>1, v->>2, v->>3, place DESC "
    "ON CONFLICT (to_run, from_run, kind, attempt) DO UPDATE SET step = excluded.step, item = excluded.item"};

constexpr std::string_view kHookCursors[] = {
    "INSERT INTO hook_cursors (hook, event_id) SELECT DISTINCT ON (v->>0) v->>0, (v->>1)::bigint "
    "FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS t(v, place) ORDER BY v->>0, place DESC "
    "ON CONFLICT (hook) DO UPDATE SET event_id = excluded.event_id",
    "DELETE FROM run_events WHERE $1::jsonb IS NOT NULL AND run_id IN (SELECT run_id FROM deleted_runs) "
    "AND id <= (SELECT min(event_id) FROM hook_cursors)",
    "DELETE FROM deleted_runs AS d WHERE $1::jsonb IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run_events AS e WHERE e.run_id = d.run_id)"};

// Names that stay come as a JSON list.
constexpr std::string_view kDroppedSchedules[] = {
    "UPDATE schedules AS s SET active = 0, owed_us = 0, backlog_us = 0, backlog_end_us = 0, revision = s.revision + 1 FROM " ORC_ROWS
    " WHERE s.workflow_id = v->>0 AND s.active = 1 AND NOT (v->>1)::jsonb ? s.name"};

#define ORC_SAME_TIMES "s.active = 1 AND s.paused = 0 AND s.cron = excluded.cron AND s.timezone = excluded.timezone"
constexpr std::string_view kSchedules[] = {
    "INSERT INTO schedules AS s (id, workflow_id, name, created_us, active, workflow_version, cron, timezone, overlap, catch_up, paused, "
    "revision, next_us, owed_us, backlog_us, backlog_end_us, last_fired_us, last_run_id, skipped, last_skipped_us, last_missed_us, "
    "context) "
    "SELECT v->>0, v->>1, v->>2, (v->>3)::bigint, (v->>4)::bigint, (v->>5)::bigint, v->>6, v->>7, v->>8, v->>9, (v->>10)::bigint, "
    "(v->>11)::bigint, (v->>12)::bigint, (v->>13)::bigint, (v->>14)::bigint, (v->>15)::bigint, (v->>16)::bigint, v->>17, "
    "(v->>18)::bigint, (v->>19)::bigint, (v->>20)::bigint, v->>21 FROM " ORC_ROWS
    " ON CONFLICT (workflow_id, name) DO UPDATE SET "
    "next_us = CASE WHEN " ORC_SAME_TIMES
    " THEN s.next_us ELSE excluded.next_us END, "
    "backlog_us = CASE WHEN " ORC_SAME_TIMES
    " THEN s.backlog_us ELSE 0 END, "
    "backlog_end_us = CASE WHEN " ORC_SAME_TIMES
    " THEN s.backlog_end_us ELSE 0 END, "
    "active = 1, workflow_version = excluded.workflow_version, cron = excluded.cron, timezone = excluded.timezone, "
    "overlap = excluded.overlap, catch_up = excluded.catch_up, context = excluded.context, revision = s.revision + 1"};

constexpr std::string_view kSchedulePauses[] = {ORC_COUNTED(
    "UPDATE schedules AS s SET next_us = CASE WHEN s.paused = 1 AND r.to_be = 0 THEN r.next_us ELSE s.next_us END, "
    "owed_us = CASE WHEN r.to_be = 1 THEN 0 ELSE s.owed_us END, backlog_us = CASE WHEN r.to_be = 1 THEN 0 ELSE s.backlog_us END, "
    "backlog_end_us = CASE WHEN r.to_be = 1 THEN 0 ELSE s.backlog_end_us END, revision = s.revision + 1, paused = r.to_be "
    "FROM (SELECT v->>0 AS id, (v->>1)::bigint AS to_be, (v->>2)::bigint AS next_us FROM " ORC_ROWS ") AS r WHERE s.id = r.id")};

constexpr std::string_view kScheduleAdvances[] = {
    ORC_COUNTED("UPDATE schedules AS s SET next_us = (v->>0)::bigint, owed_us = (v->>1)::bigint, backlog_us = (v->>2)::bigint, "
                "backlog_end_us = (v->>3)::bigint, last_fired_us = (v->>4)::bigint, last_run_id = v->>5, skipped = (v->>6)::bigint, "
                "last_skipped_us = (v->>7)::bigint, last_missed_us = (v->>8)::bigint, revision = s.revision + 1 "
                "FROM " ORC_ROWS " WHERE s.id = v->>9 AND s.revision = (v->>10)::bigint")};

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
    "DELETE FROM run_mail AS m USING " ORC_ROWS " WHERE m.to_run = v->>0",
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
    {kReadMail},
    {kMail},
    {kHookCursors},
    {kDroppedSchedules},
    {kSchedules},
    {kSchedulePauses, true},
    {kScheduleAdvances, true},
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
