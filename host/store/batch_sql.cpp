#include "store/batch_sql.h"

#include <array>

// `LIMIT -1` keeps SQLite from merging the subquery into the outer one: `value` is then built once per row and not again for every
// column. Measured for 12 columns: 5.2 µs instead of 10.6 µs a row.
#define ORC_ROWS "(SELECT value AS v FROM json_each(?1) LIMIT -1)"

#define ORC_TERMINAL "'SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT'"

namespace orc {
namespace {

constexpr std::string_view kNewWorkflows[] = {
    "INSERT INTO workflows (id, key, name, description, version, archived, created_us, updated_us) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7 FROM " ORC_ROWS};

constexpr std::string_view kWorkflowUpdates[] = {
    "UPDATE workflows SET key = r.key, name = r.name, description = r.description, version = r.version, archived = r.archived, "
    "updated_us = r.updated_us "
    "FROM (SELECT v->>0 AS id, v->>1 AS expected, v->>2 AS key, v->>3 AS name, v->>4 AS description, v->>5 AS version, v->>6 AS archived, "
    "v->>7 AS updated_us FROM " ORC_ROWS
    ") AS r "
    "WHERE workflows.id = r.id AND (r.expected = 0 OR workflows.version = r.expected)"};

constexpr std::string_view kNewVersions[] = {
    "INSERT INTO workflow_versions (id, workflow_id, version, created_us, payload) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4 FROM " ORC_ROWS};

constexpr std::string_view kNewTemplates[] = {
    "INSERT INTO templates (id, name, description, created_us, updated_us, document) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5 FROM " ORC_ROWS};

constexpr std::string_view kTemplateUpdates[] = {
    "UPDATE templates SET name = r.name, description = r.description, updated_us = r.updated_us, document = r.document "
    "FROM (SELECT v->>0 AS id, v->>1 AS name, v->>2 AS description, v->>3 AS updated_us, v->>4 AS document FROM " ORC_ROWS
    ") AS r "
    "WHERE templates.id = r.id"};

constexpr std::string_view kDeletedTemplates[] = {"DELETE FROM templates WHERE id IN (SELECT v->>0 FROM " ORC_ROWS ")"};

constexpr std::string_view kNewRuns[] = {
    "INSERT INTO runs (status, revision, attempt, next_step, next_event, wake_us, started_us, updated_us, finished_us, cancel_forced, "
    "error, extra, expires_us, id, workflow_id, workflow_version, created_us, created_by, approve_every_step, labels, origin, "
    "limit_key, schedule_id) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7, v->>8, v->>9, v->>10, v->>11, v->>12, v->>13, v->>14, v->>15, "
    "v->>16, v->>17, v->>18, v->>19, v->>20, v->>21, v->>22 FROM " ORC_ROWS};

#define ORC_RUN_UPDATE(columns)                                                                                                            \
  "UPDATE runs SET " columns                                                                                                               \
  "revision = r.revision, attempt = r.attempt, next_step = r.next_step, next_event = r.next_event, started_us = r.started_us, "            \
  "updated_us = r.updated_us, finished_us = r.finished_us, cancel_forced = r.cancel_forced, error = r.error, extra = r.extra, expires_us " \
  "= r.expires_us "                                                                                                                        \
  "FROM (SELECT v->>0 AS status, v->>1 AS revision, v->>2 AS attempt, v->>3 AS next_step, v->>4 AS next_event, v->>5 AS wake_us, "         \
  "v->>6 AS started_us, v->>7 AS updated_us, v->>8 AS finished_us, v->>9 AS cancel_forced, v->>10 AS error, v->>11 AS extra, "             \
  "v->>12 AS expires_us, v->>13 AS id, v->>14 AS expected FROM " ORC_ROWS ") AS r WHERE runs.id = r.id AND runs.revision = r.expected"

constexpr std::string_view kRunUpdates[] = {ORC_RUN_UPDATE("status = r.status, wake_us = r.wake_us, ")};
// SQLite rewrites the entry of every index over a column that SET names, whether or not its value changes.
constexpr std::string_view kRunAdvances[] = {ORC_RUN_UPDATE("")};

// The items over which a for_each loops are kept: they were frozen when it began.
constexpr std::string_view kClearedSteps[] = {
    "DELETE FROM run_steps WHERE (run_id, step, item) IN (SELECT v->>0, v->>1, v->>2 FROM " ORC_ROWS ")",
    "DELETE FROM run_documents WHERE (run_id, kind, step, item) IN (SELECT v->>0, k.column1, v->>1, v->>2 FROM " ORC_ROWS
    " CROSS JOIN (VALUES ('input'), ('output'), ('response_headers'), ('message')) AS k)"};

// WHERE true: without it the parser takes ON CONFLICT for a join's ON.
constexpr std::string_view kSteps[] = {
    "INSERT INTO run_steps (run_id, step, item, status, since_us, tries, due_us, started_us, finished_us, http_code, error, approval, "
    "extra) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7, v->>8, v->>9, v->>10, v->>11, v->>12 FROM " ORC_ROWS
    " WHERE true "
    "ON CONFLICT (run_id, step, item) DO UPDATE SET "
    "since_us = CASE WHEN status = excluded.status THEN since_us ELSE excluded.since_us END, "
    "status = excluded.status, tries = excluded.tries, due_us = excluded.due_us, started_us = excluded.started_us, "
    "finished_us = excluded.finished_us, http_code = excluded.http_code, error = excluded.error, approval = excluded.approval, extra = "
    "excluded.extra"};

constexpr std::string_view kDocuments[] = {
    "INSERT INTO run_documents (run_id, kind, step, item, bytes, text) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5 FROM " ORC_ROWS
    " WHERE true "
    "ON CONFLICT (run_id, kind, step, item) DO UPDATE SET bytes = excluded.bytes, text = excluded.text"};

constexpr std::string_view kEvents[] = {
    "INSERT INTO run_events (run_id, workflow_id, number, at_us, type, step, item, payload) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7 FROM " ORC_ROWS};

constexpr std::string_view kLogs[] = {
    "INSERT INTO run_logs (run_id, at_us, step, try_number, level, source, text) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6 FROM " ORC_ROWS " WHERE EXISTS (SELECT 1 FROM runs WHERE id = v->>0)"};

constexpr std::string_view kOldIdempotency[] = {"DELETE FROM idempotency_keys WHERE created_us < (SELECT max(v->>0) FROM " ORC_ROWS ")"};

constexpr std::string_view kIdempotency[] = {
    "INSERT INTO idempotency_keys (scope, key, body_hash, status, location, created_us, body) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6 FROM " ORC_ROWS};

constexpr std::string_view kReadMail[] = {
    "DELETE FROM run_mail WHERE (to_run, from_run, kind, attempt) IN (SELECT v->>0, v->>1, v->>2, v->>3 FROM " ORC_ROWS ")"};

constexpr std::string_view kMail[] = {
    "INSERT OR REPLACE INTO run_mail (to_run, from_run, kind, attempt, step, item) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5 FROM " ORC_ROWS};

constexpr std::string_view kHookCursors[] = {"INSERT INTO hook_cursors (hook, event_id) SELECT v->>0, v->>1 FROM " ORC_ROWS
                                             " WHERE true "
                                             "ON CONFLICT (hook) DO UPDATE SET event_id = excluded.event_id",
                                             "DELETE FROM run_events WHERE ?1 IS NOT NULL AND run_id IN (SELECT run_id FROM deleted_runs) "
                                             "AND id <= (SELECT min(event_id) FROM hook_cursors)",
                                             "DELETE FROM deleted_runs WHERE ?1 IS NOT NULL AND NOT EXISTS "
                                             "(SELECT 1 FROM run_events AS e WHERE e.run_id = deleted_runs.run_id)"};

constexpr std::string_view kDroppedSchedules[] = {
    "UPDATE schedules SET active = 0, owed_us = 0, backlog_us = 0, backlog_end_us = 0, revision = revision + 1 "
    "FROM (SELECT v->>0 AS workflow_id, v->>1 AS kept FROM " ORC_ROWS
    ") AS r WHERE schedules.workflow_id = r.workflow_id AND schedules.active = 1 AND "
    "schedules.name NOT IN (SELECT value FROM json_each(r.kept))"};

// In SET a bare column is the row that is there.
#define ORC_SAME_TIMES "active = 1 AND paused = 0 AND cron = excluded.cron AND timezone = excluded.timezone"
constexpr std::string_view kSchedules[] = {
    "INSERT INTO schedules (id, workflow_id, name, created_us, active, workflow_version, cron, timezone, overlap, catch_up, paused, "
    "revision, next_us, owed_us, backlog_us, backlog_end_us, last_fired_us, last_run_id, skipped, last_skipped_us, last_missed_us, "
    "context) "
    "SELECT v->>0, v->>1, v->>2, v->>3, v->>4, v->>5, v->>6, v->>7, v->>8, v->>9, v->>10, v->>11, v->>12, v->>13, v->>14, v->>15, v->>16, "
    "v->>17, v->>18, v->>19, v->>20, v->>21 FROM " ORC_ROWS
    " WHERE true ON CONFLICT (workflow_id, name) DO UPDATE SET "
    "next_us = CASE WHEN " ORC_SAME_TIMES
    " THEN next_us ELSE excluded.next_us END, "
    "backlog_us = CASE WHEN " ORC_SAME_TIMES
    " THEN backlog_us ELSE 0 END, "
    "backlog_end_us = CASE WHEN " ORC_SAME_TIMES
    " THEN backlog_end_us ELSE 0 END, "
    "active = 1, workflow_version = excluded.workflow_version, cron = excluded.cron, timezone = excluded.timezone, "
    "overlap = excluded.overlap, catch_up = excluded.catch_up, context = excluded.context, revision = revision + 1"};

constexpr std::string_view kSchedulePauses[] = {
    "UPDATE schedules SET next_us = CASE WHEN paused = 1 AND r.to_be = 0 THEN r.next_us ELSE schedules.next_us END, "
    "owed_us = CASE WHEN r.to_be = 1 THEN 0 ELSE owed_us END, backlog_us = CASE WHEN r.to_be = 1 THEN 0 ELSE backlog_us END, "
    "backlog_end_us = CASE WHEN r.to_be = 1 THEN 0 ELSE backlog_end_us END, revision = revision + 1, paused = r.to_be "
    "FROM (SELECT v->>0 AS id, v->>1 AS to_be, v->>2 AS next_us FROM " ORC_ROWS ") AS r WHERE schedules.id = r.id"};

constexpr std::string_view kScheduleAdvances[] = {
    "UPDATE schedules SET next_us = r.next_us, owed_us = r.owed_us, backlog_us = r.backlog_us, backlog_end_us = r.backlog_end_us, "
    "last_fired_us = r.last_fired_us, last_run_id = r.last_run_id, skipped = r.skipped, last_skipped_us = r.last_skipped_us, "
    "last_missed_us = r.last_missed_us, revision = revision + 1 "
    "FROM (SELECT v->>0 AS next_us, v->>1 AS owed_us, v->>2 AS backlog_us, v->>3 AS backlog_end_us, v->>4 AS last_fired_us, "
    "v->>5 AS last_run_id, v->>6 AS skipped, v->>7 AS last_skipped_us, v->>8 AS last_missed_us, v->>9 AS id, v->>10 AS expected "
    "FROM " ORC_ROWS ") AS r WHERE schedules.id = r.id AND schedules.revision = r.expected"};

constexpr std::string_view kArchivedWorkflows =
    "SELECT 1 FROM " ORC_ROWS " CROSS JOIN workflows AS w WHERE w.id = v->>14 AND w.archived LIMIT 1";

constexpr std::string_view kLiveRunsOfWorkflows =
    "SELECT 1 FROM " ORC_ROWS " CROSS JOIN runs AS r WHERE v->>8 AND r.workflow_id = v->>0 AND r.status NOT IN (" ORC_TERMINAL ") LIMIT 1";

constexpr std::string_view kLiveRuns =
    "SELECT 1 FROM " ORC_ROWS " CROSS JOIN runs AS r WHERE r.id = v->>0 AND r.status NOT IN (" ORC_TERMINAL ") LIMIT 1";

// The events that a hook still has to deliver stay until its cursor has passed them.
// NOLINTNEXTLINE(bugprone-suspicious-missing-comma): ORC_ROWS joins its neighbours
constexpr std::string_view kDeletedRuns[] = {"DELETE FROM run_steps WHERE run_id IN (SELECT v->>0 FROM " ORC_ROWS ")",
                                             "DELETE FROM run_documents WHERE run_id IN (SELECT v->>0 FROM " ORC_ROWS ")",
                                             "DELETE FROM run_events WHERE run_id IN (SELECT v->>0 FROM " ORC_ROWS
                                             ") AND id <= coalesce((SELECT min(event_id) FROM hook_cursors), 9223372036854775807)",
                                             "INSERT OR IGNORE INTO deleted_runs (run_id) SELECT v->>0 FROM " ORC_ROWS
                                             " WHERE EXISTS (SELECT 1 FROM run_events WHERE run_id = v->>0)",
                                             "DELETE FROM run_logs WHERE run_id IN (SELECT v->>0 FROM " ORC_ROWS ")",
                                             "DELETE FROM run_mail WHERE to_run IN (SELECT v->>0 FROM " ORC_ROWS ")",
                                             "DELETE FROM runs WHERE id IN (SELECT v->>0 FROM " ORC_ROWS ")"};

constexpr std::array<BatchSql, kRowKinds> kSql = {{
    {kNewWorkflows},
    {kWorkflowUpdates, true, kLiveRunsOfWorkflows},
    {kNewVersions},
    {kNewTemplates},
    {kTemplateUpdates, true},
    {kDeletedTemplates},
    {kNewRuns, false, kArchivedWorkflows},
    {kRunUpdates, true},
    {kRunAdvances, true},
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
    {kDeletedRuns, false, kLiveRuns},
}};

}  // namespace

const BatchSql& SqlOf(RowKind kind) { return kSql[static_cast<size_t>(kind)]; }

}  // namespace orc
