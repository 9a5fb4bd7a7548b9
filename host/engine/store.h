// The port to the disk. Writes come in Changes, each all-or-nothing; reads are plain look-ups that see what is committed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/decide.h"
#include "engine/run.h"
#include "engine/run_mail.h"
#include "engine/schedule_rows.h"

namespace orc {

struct WorkflowRow {
  std::string id = {};
  std::string key = {};  // unique when not empty
  std::string name = {};
  std::string description = {};
  int32_t version = 1;  // the current one
  bool archived = false;
  int64_t created_us = 0;
  int64_t updated_us = 0;
};

struct VersionRow {
  std::string id = {};  // wfver_…
  std::string workflow_id = {};
  int32_t version = 1;
  std::string payload = {};  // the definition's JSON text
  int64_t created_us = 0;
};

struct TemplateRow {
  std::string id = {};
  std::string name = {};
  std::string description = {};
  std::string document = {};  // JSON text
  int64_t created_us = 0;
  int64_t updated_us = 0;
};

/// A workflow's current version moves on. kConflict unless it is at `expected_version` (0: whatever it is).
struct WorkflowUpdate {
  int32_t expected_version = 0;
  WorkflowRow row = {};
  bool only_if_idle = false;  // kConflict while runs of it are live
};

struct RunUpdate {
  std::string id = {};
  int64_t expected_revision = 0;  // kConflict unless the row is at it
  RunProgress progress = {};      // carries the new revision
  bool stays_in_place = false;    // status and wake_us are as they were: the store may leave its lists and timers alone
};

struct StepRow {
  std::string run_id = {};
  StepState state = {};
};

struct DocumentRow {
  std::string run_id = {};
  Document document = {};  // replaces the one of the same kind, step and item
};

struct EventRow {
  int64_t id = 0;  // across all runs, ascending in commit order; given by the store
  std::string run_id = {};
  std::string workflow_id = {};
  HistoryEvent event = {};
};

struct LogRow {
  int64_t id = 0;  // ascending in commit order; given by the store
  std::string run_id = {};
  int64_t at_us = 0;
  int32_t step = -1;
  int32_t try_number = 0;
  std::string level = "info";
  std::string source = {};  // "client", "engine" or the action's name
  std::string text = {};
};

struct IdempotencyRow {
  std::string scope = {};  // method and path
  std::string key = {};
  std::string body_hash = {};
  int32_t status = 0;
  std::string location = {};
  std::string body = {};  // the first answer
  int64_t created_us = 0;
};

/// How far a hook has delivered. Upserted.
struct HookCursor {
  std::string hook = {};
  int64_t event_id = 0;
};

/// One atomic unit of writing; empty kinds cost nothing.
struct Change {
  std::vector<WorkflowRow> new_workflows;
  std::vector<WorkflowUpdate> workflow_updates;
  std::vector<VersionRow> new_versions;
  std::vector<TemplateRow> new_templates;
  std::vector<TemplateRow> template_updates;  // kNotFound when there is none of that id
  std::vector<std::string> deleted_templates;
  std::vector<Run> new_runs;  // identity and progress; steps, context and documents come in their own rows
  std::vector<RunUpdate> run_updates;
  std::vector<StepRow> steps;  // upserted
  std::vector<DocumentRow> documents;
  std::vector<EventRow> events;
  std::vector<LogRow> logs;
  std::vector<IdempotencyRow> idempotency;  // kConflict when the key is taken in its scope
  std::vector<HookCursor> hook_cursors;
  std::vector<ScheduleSet> schedule_sets;      // one of a workflow, with each name once
  std::vector<SchedulePause> schedule_pauses;  // kNotFound when there is none of that id
  std::vector<ScheduleAdvance> schedule_advances;
  std::vector<std::string> deleted_runs;                       // with all that is theirs but undelivered events; kConflict for a live one
  std::vector<std::pair<std::string, StepKey>> cleared_steps;  // (run, step): rows and documents of these go first (a retry of the run)
  std::vector<RunMail> mail;                                   // one of the same `to`, `from`, `kind` and `attempt` is replaced
  std::vector<RunMail> read_mail;                              // dropped, before `mail` is written
  int64_t idempotency_before_us = 0;                           // > 0: older idempotency rows are dropped
};

/// A page of a list, newest first unless said otherwise.
struct Page {
  int limit = 50;
  std::string cursor;  // opaque; "" is the beginning. kUnreadable when the store did not make it
};

template <typename T>
struct PageOf {
  std::vector<T> items;
  std::string next_cursor;  // "" at the end
};

struct RunFilter {
  std::vector<RunStatus> statuses = {};
  std::string workflow_id = {};
  std::string schedule_id = {};
  std::vector<std::pair<std::string, std::string>> labels = {};  // all must match
  int64_t created_after_us = 0;
  int64_t created_before_us = 0;  // 0: no bound
};

/// A gate that waits for a decision.
struct PendingApproval {
  std::string run_id;
  std::string workflow_id;
  int32_t workflow_version = 0;
  uint32_t step = 0;
  int64_t since_us = 0;
};

/// Thread-safe. Commit is called by one thread at a time; reads by any number at once, beside it.
class Store {
 public:
  virtual ~Store() = default;

  /// Makes all `changes` durable in one transaction, in order, or none. The error is kConflict, kNotFound (what is to be changed is not
  /// there) or kInvalid when the data is at fault (the caller bisects to find which), kUnavailable when the disk or the database is
  /// (nothing is known to be written: re-read before deciding again).
  virtual Result<void> Commit(std::span<const Change* const> changes) = 0;

  virtual Result<WorkflowRow> GetWorkflow(const std::string& id) = 0;  // kNotFound
  virtual Result<WorkflowRow> GetWorkflowByKey(const std::string& key) = 0;
  virtual Result<PageOf<WorkflowRow>> ListWorkflows(const Page& page, bool with_archived) = 0;
  virtual Result<VersionRow> GetVersion(const std::string& workflow_id, int32_t version) = 0;
  virtual Result<PageOf<VersionRow>> ListVersions(const std::string& workflow_id, const Page& page) = 0;

  virtual Result<TemplateRow> GetTemplate(const std::string& id) = 0;
  virtual Result<PageOf<TemplateRow>> ListTemplates(const Page& page) = 0;  // by creation, oldest first

  /// With steps and context; documents are read apart.
  virtual Result<Run> GetRun(const std::string& id) = 0;
  virtual Result<RunProgress> GetRunProgress(const std::string& id) = 0;
  virtual Result<PageOf<Run>> ListRuns(const RunFilter& filter, const Page& page) = 0;  // without steps and context
  /// Documents of one kind; `step` -1 gives those of every step.
  virtual Result<std::vector<Document>> GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step = -1) = 0;
  /// The text of one document; nothing when there is none.
  virtual Result<std::optional<std::string>> GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) = 0;
  /// Length in bytes of each output, without reading the texts (`text` stays empty, `item` and `step` are set).
  virtual Result<std::vector<std::pair<Document, int64_t>>> GetDocumentSizes(const std::string& run_id, Document::Kind kind) = 0;
  virtual Result<int64_t> CountLiveRuns(const std::string& workflow_id) = 0;
  virtual Result<PageOf<PendingApproval>> ListApprovals(const Page& page) = 0;  // longest waiting first

  /// Rows after `after_id`, oldest first. `run_id` empty: of all runs.
  virtual Result<std::vector<EventRow>> ReadEvents(const std::string& run_id, int64_t after_id, int limit) = 0;
  virtual Result<std::vector<LogRow>> ReadLogs(const std::string& run_id, int64_t after_id, int limit) = 0;
  virtual Result<int64_t> LastEventId() = 0;

  virtual Result<std::optional<IdempotencyRow>> FindIdempotency(const std::string& scope, const std::string& key) = 0;
  virtual Result<int64_t> GetHookCursor(const std::string& hook) = 0;  // 0 when it never delivered

  virtual Result<ScheduleRow> GetSchedule(const std::string& id) = 0;  // kNotFound
  /// Active ones, of one workflow or (`workflow_id` empty) of all; newest first.
  virtual Result<PageOf<ScheduleRow>> ListSchedules(const std::string& workflow_id, const Page& page) = 0;
  /// Active ones, not paused, whose next instant comes no later than `until_us`; earliest first.
  virtual Result<std::vector<ScheduleRow>> ListDueSchedules(int64_t until_us, int limit) = 0;
  /// Those that owe a run and have no live one, or whose `overlap` does not wait for its end (allow, cancel_running); after `after_id`, by
  /// id.
  virtual Result<std::vector<ScheduleRow>> ListOwingSchedules(const std::string& after_id, int limit) = 0;
  /// The live runs that the schedule started, by id.
  virtual Result<std::vector<std::pair<std::string, RunStatus>>> ListLiveRunsOfSchedule(const std::string& schedule_id, int limit) = 0;

  /// For the engine: ids of runs whose attempts were under way (status RUNNING, PENDING or CANCELING), after `after_id`, by id.
  virtual Result<std::vector<std::string>> ListActiveRuns(const std::string& after_id, int limit) = 0;
  /// (wake_us, run) of live runs whose timer comes no later than `until_us`, earliest first.
  virtual Result<std::vector<std::pair<int64_t, std::string>>> ListDueRuns(int64_t until_us, int limit) = 0;
  /// Mail that was not read, after `after` in the order of (to, from, kind, attempt); null: from the beginning.
  virtual Result<std::vector<RunMail>> ListMail(const RunMail* after, int limit) = 0;
  /// Live runs that have a limit_key, after that one, oldest first: without steps and context.
  virtual Result<std::vector<Run>> ListLimitedRuns(int64_t after_created_us, const std::string& after_id, int limit) = 0;
  /// Ended runs that may be deleted: expires_us is no later than `until_us`, and what they told others was read; earliest first.
  virtual Result<std::vector<std::string>> ListExpiredRuns(int64_t until_us, int limit) = 0;
};

}  // namespace orc
