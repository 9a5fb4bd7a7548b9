#include "store/sqlite_batch.h"

#include <map>
#include <tuple>

#include "base/json.h"
#include "store/change_time.h"
#include "store/run_columns.h"
#include "store/schedule_columns.h"

namespace orc {
namespace {

// Bounds of one group, so that a large batch doesn't double its size in memory while SQLite reads it.
constexpr size_t kMaxChanges = 1000;
constexpr size_t kMaxBytes = 4u << 20;

/// Kinds whose order among changes matters beyond one run: such a change is a group by itself.
bool IsRare(const Change& change) {
  return !change.new_workflows.empty() || !change.workflow_updates.empty() || !change.new_versions.empty() ||
         !change.new_templates.empty() || !change.template_updates.empty() || !change.deleted_templates.empty() ||
         !change.deleted_runs.empty() || change.idempotency_before_us > 0 || !change.schedule_sets.empty() ||
         !change.schedule_pauses.empty();
}

/// Calls `visit` with every run and schedule whose rows the change writes other than by appending; the same one may come several times.
template <typename Visit>
void ForEachRun(const Change& change, Visit visit) {
  for (const Run& run : change.new_runs) visit(run.identity.id);
  for (const RunUpdate& update : change.run_updates) visit(update.id);
  for (const auto& [run_id, key] : change.cleared_steps) visit(run_id);
  for (const StepRow& row : change.steps) visit(row.run_id);
  for (const DocumentRow& row : change.documents) visit(row.run_id);
  for (const ScheduleAdvance& advance : change.schedule_advances) visit(advance.id);
}

constexpr size_t kFew = 8;

/// How many of the rows before it have the same key, for every row.
template <typename Rows, typename KeyOf>
std::vector<size_t> CountEarlier(const Rows& rows, KeyOf key_of) {
  std::vector<size_t> waves(rows.size());
  if (rows.size() <= kFew) {
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t before = 0; before < i; ++before) waves[i] += key_of(rows[before]) == key_of(rows[i]) ? 1 : 0;
    }
    return waves;
  }
  std::map<decltype(key_of(rows[0])), size_t> seen;
  for (size_t i = 0; i < rows.size(); ++i) waves[i] = seen[key_of(rows[i])]++;
  return waves;
}

std::vector<size_t> WavesOfSteps(const std::vector<StepRow>& rows) {
  const auto key_of = [](const StepRow& row) { return std::tuple(row.state.step, row.state.item, std::string_view(row.run_id)); };
  return CountEarlier(rows, key_of);
}

std::vector<size_t> WavesOfDocuments(const std::vector<DocumentRow>& rows) {
  const auto key_of = [](const DocumentRow& row) {
    return std::tuple(row.document.kind, row.document.step, row.document.item, std::string_view(row.run_id));
  };
  return CountEarlier(rows, key_of);
}

}  // namespace

JsonRows& SqliteBatch::RowsOf(RowKind kind, size_t wave) {
  std::vector<JsonRows>& waves = rows_[static_cast<size_t>(kind)];
  if (waves.size() <= wave) waves.resize(wave + 1);
  return waves[wave];
}

bool SqliteBatch::Fits(const Change& change) const {
  if (empty()) return true;
  if (closed_ || changes_ >= kMaxChanges || IsRare(change)) return false;
  if (BytesOf(RowKind::kDocuments) + BytesOf(RowKind::kLogs) > kMaxBytes) return false;
  bool clash = false;
  ForEachRun(change, [&](const std::string& run_id) { clash = clash || runs_.contains(run_id); });
  for (const Run& run : change.new_runs) clash = clash || logged_.contains(run.identity.id);
  for (const RunMail& mail : change.read_mail) clash = clash || mailed_.contains(mail.to);
  return !clash;
}

void SqliteBatch::Add(const Change& change) {
  ++changes_;
  closed_ = IsRare(change);
  ForEachRun(change, [this](const std::string& run_id) { runs_.insert(run_id); });
  if (closed_) AddCatalog(change);
  AddRuns(change);
  AddSteps(change);
  AddDocuments(change);
  AddHistory(change);
  AddSchedules(change);
  AddRest(change);
}

size_t SqliteBatch::BytesOf(RowKind kind) const {
  const std::vector<JsonRows>& waves = rows_[static_cast<size_t>(kind)];
  return waves.empty() ? 0 : waves.front().bytes();
}

void SqliteBatch::Clear() {
  for (std::vector<JsonRows>& waves : rows_) {
    if (waves.size() > 1) waves.resize(1);
    for (JsonRows& rows : waves) rows.Clear();
  }
  runs_.clear();
  logged_.clear();
  mailed_.clear();
  changes_ = 0;
  closed_ = false;
}

void SqliteBatch::AddCatalog(const Change& change) {
  for (const WorkflowRow& row : change.new_workflows) {
    RowsOf(RowKind::kNewWorkflows).Row().Text(row.id).Text(row.key).Text(row.name).Text(row.description).Int(row.version).Int(row.archived);
    RowsOf(RowKind::kNewWorkflows).Int(row.created_us).Int(row.updated_us);
  }
  for (const WorkflowUpdate& update : change.workflow_updates) {
    const WorkflowRow& row = update.row;
    RowsOf(RowKind::kWorkflowUpdates).Row().Text(row.id).Int(update.expected_version).Text(row.key).Text(row.name).Text(row.description);
    RowsOf(RowKind::kWorkflowUpdates).Int(row.version).Int(row.archived).Int(row.updated_us).Int(update.only_if_idle);
  }
  for (const VersionRow& row : change.new_versions) {
    RowsOf(RowKind::kNewVersions).Row().Text(row.id).Text(row.workflow_id).Int(row.version).Int(row.created_us).Text(row.payload);
  }
  for (const TemplateRow& row : change.new_templates) {
    RowsOf(RowKind::kNewTemplates).Row().Text(row.id).Text(row.name).Text(row.description).Int(row.created_us);
    RowsOf(RowKind::kNewTemplates).Int(row.updated_us).Text(row.document);
  }
  for (const TemplateRow& row : change.template_updates) {
    RowsOf(RowKind::kTemplateUpdates).Row().Text(row.id).Text(row.name).Text(row.description).Int(row.updated_us).Text(row.document);
  }
  for (const std::string& id : change.deleted_templates) RowsOf(RowKind::kDeletedTemplates).Row().Text(id);
  for (const std::string& id : change.deleted_runs) RowsOf(RowKind::kDeletedRuns).Row().Text(id);
  if (change.idempotency_before_us > 0) RowsOf(RowKind::kOldIdempotency).Row().Int(change.idempotency_before_us);
}

void SqliteBatch::AddRuns(const Change& change) {
  for (const Run& run : change.new_runs) AppendNewRun(run, RowsOf(RowKind::kNewRuns));
  for (const RunUpdate& update : change.run_updates) {
    AppendRunUpdate(update, RowsOf(update.stays_in_place ? RowKind::kRunAdvances : RowKind::kRunUpdates));
  }
}

void SqliteBatch::AddSteps(const Change& change) {
  for (const auto& [run_id, key] : change.cleared_steps) RowsOf(RowKind::kClearedSteps).Row().Text(run_id).Int(key.step).Int(key.item);
  const std::vector<size_t> waves = WavesOfSteps(change.steps);
  for (size_t i = 0; i < change.steps.size(); ++i) {
    AppendStep(change.steps[i], ChangeTimeOf(change, change.steps[i]), RowsOf(RowKind::kSteps, waves[i]));
  }
}

void SqliteBatch::AddDocuments(const Change& change) {
  const std::vector<size_t> waves = WavesOfDocuments(change.documents);
  for (size_t i = 0; i < change.documents.size(); ++i) {
    const DocumentRow& row = change.documents[i];
    const Document& document = row.document;
    JsonRows& rows = RowsOf(RowKind::kDocuments, waves[i]);
    rows.Row().Text(row.run_id).Text(ToText(document.kind)).Int(document.step).Int(document.item);
    // The length goes along, so it must be that of the text which will be stored.
    bool as_it_is = IsUtf8(document.text) && document.text.find('\0') == std::string::npos;
    std::string mended = as_it_is ? std::string() : ToStorableText(document.text);
    const std::string& text = as_it_is ? document.text : mended;
    rows.Int(static_cast<int64_t>(text.size())).Text(text);
  }
}

void SqliteBatch::AddHistory(const Change& change) {
  JsonRows& events = RowsOf(RowKind::kEvents);
  for (const EventRow& row : change.events) {
    const HistoryEvent& event = row.event;
    events.Row().Text(row.run_id).Text(row.workflow_id).Int(event.number).Int(event.at_us).Text(event.type).Int(event.step);
    events.Int(event.item).Text(event.payload);
  }
  JsonRows& logs = RowsOf(RowKind::kLogs);
  for (const LogRow& row : change.logs) {
    logged_.insert(row.run_id);
    logs.Row().Text(row.run_id).Int(row.at_us).Int(row.step).Int(row.try_number).Text(row.level).Text(row.source).Text(row.text);
  }
}

void SqliteBatch::AddSchedules(const Change& change) {
  for (const ScheduleSet& set : change.schedule_sets) {
    AppendScheduleDrop(set, RowsOf(RowKind::kDroppedSchedules));
    for (const ScheduleRow& row : set.rows) AppendSchedule(row, RowsOf(RowKind::kSchedules));
  }
  for (const SchedulePause& pause : change.schedule_pauses) {
    RowsOf(RowKind::kSchedulePauses).Row().Text(pause.id).Int(pause.paused).Int(pause.next_us);
  }
  for (const ScheduleAdvance& advance : change.schedule_advances) AppendScheduleAdvance(advance, RowsOf(RowKind::kScheduleAdvances));
}

void SqliteBatch::AddRest(const Change& change) {
  JsonRows& keys = RowsOf(RowKind::kIdempotency);
  for (const IdempotencyRow& row : change.idempotency) {
    keys.Row().Text(row.scope).Text(row.key).Text(row.body_hash).Int(row.status).Text(row.location).Int(row.created_us).Text(row.body);
  }
  for (const RunMail& mail : change.read_mail) {
    RowsOf(RowKind::kReadMail).Row().Text(mail.to).Text(mail.from).Int(static_cast<int64_t>(mail.kind)).Int(mail.attempt);
  }
  for (const RunMail& mail : change.mail) {
    mailed_.insert(mail.to);
    RowsOf(RowKind::kMail).Row().Text(mail.to).Text(mail.from).Int(static_cast<int64_t>(mail.kind)).Int(mail.attempt);
    RowsOf(RowKind::kMail).Int(mail.step).Int(mail.item);
  }
  for (const HookCursor& cursor : change.hook_cursors) RowsOf(RowKind::kHookCursors).Row().Text(cursor.hook).Int(cursor.event_id);
}

}  // namespace orc
