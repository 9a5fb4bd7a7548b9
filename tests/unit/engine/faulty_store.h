// A store that fails when told to, in front of one that does not.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/store.h"
#include "store/memory_store.h"

namespace orc::test {

class FaultyStore final : public Store {
 public:
  enum class When : uint8_t { kBeforeWriting, kAfterWriting };
  /// Asked at every commit; an answer is the error that the caller sees.
  using Judge = std::function<std::optional<std::pair<When, Error>>(std::span<const Change* const>)>;

  explicit FaultyStore(std::shared_ptr<Store> store = MakeMemoryStore()) : store_(std::move(store)) {}

  void JudgeCommits(Judge judge) {
    const std::lock_guard lock(mutex_);
    judge_ = std::move(judge);
  }
  /// While set, GetRun, GetDocuments and the lists of due schedules fail with kUnavailable.
  void BreakReads(bool broken) { reads_broken_ = broken; }
  int refused_reads() const { return refused_reads_; }
  /// So many readings of documents throw.
  void ThrowOnReads(int count) { throws_ = count; }
  const std::vector<size_t>& batch_sizes() const { return batch_sizes_; }  // of commits that were written; when nothing runs

  Result<void> Commit(std::span<const Change* const> changes) override {
    const std::lock_guard lock(mutex_);
    const auto fault = judge_ ? judge_(changes) : std::nullopt;
    if (fault && fault->first == When::kBeforeWriting) return fault->second;
    Result<void> result = store_->Commit(changes);
    if (result.ok()) batch_sizes_.push_back(changes.size());
    if (fault && result.ok()) return fault->second;
    return result;
  }

  Result<Run> GetRun(const std::string& id) override { return reads_broken_ ? Result<Run>(Broken()) : store_->GetRun(id); }
  Result<std::vector<Document>> GetDocuments(const std::string& run_id, Document::Kind kind, int32_t step) override {
    if (throws_ > 0 && throws_-- > 0) throw std::bad_alloc();
    return reads_broken_ ? Result<std::vector<Document>>(Broken()) : store_->GetDocuments(run_id, kind, step);
  }

  Result<WorkflowRow> GetWorkflow(const std::string& id) override { return store_->GetWorkflow(id); }
  Result<WorkflowRow> GetWorkflowByKey(const std::string& key) override { return store_->GetWorkflowByKey(key); }
  Result<PageOf<WorkflowRow>> ListWorkflows(const Page& page, bool with_archived) override {
    return store_->ListWorkflows(page, with_archived);
  }
  Result<VersionRow> GetVersion(const std::string& workflow_id, int32_t version) override {
    return store_->GetVersion(workflow_id, version);
  }
  Result<PageOf<VersionRow>> ListVersions(const std::string& id, const Page& page) override { return store_->ListVersions(id, page); }
  Result<TemplateRow> GetTemplate(const std::string& id) override { return store_->GetTemplate(id); }
  Result<PageOf<TemplateRow>> ListTemplates(const Page& page) override { return store_->ListTemplates(page); }
  Result<RunProgress> GetRunProgress(const std::string& id) override { return store_->GetRunProgress(id); }
  Result<PageOf<Run>> ListRuns(const RunFilter& filter, const Page& page) override { return store_->ListRuns(filter, page); }
  Result<std::optional<std::string>> GetDocument(const std::string& run_id, Document::Kind kind, int32_t step, int32_t item) override {
    if (throws_ > 0 && throws_-- > 0) throw std::bad_alloc();
    return reads_broken_ ? Result<std::optional<std::string>>(Broken()) : store_->GetDocument(run_id, kind, step, item);
  }
  Result<std::vector<std::pair<Document, int64_t>>> GetDocumentSizes(const std::string& run_id, Document::Kind kind) override {
    return store_->GetDocumentSizes(run_id, kind);
  }
  Result<int64_t> CountLiveRuns(const std::string& workflow_id) override { return store_->CountLiveRuns(workflow_id); }
  Result<PageOf<PendingApproval>> ListApprovals(const Page& page) override { return store_->ListApprovals(page); }
  Result<std::vector<EventRow>> ReadEvents(const std::string& run_id, int64_t after_id, int limit) override {
    return store_->ReadEvents(run_id, after_id, limit);
  }
  Result<std::vector<LogRow>> ReadLogs(const std::string& run_id, int64_t after_id, int limit) override {
    return store_->ReadLogs(run_id, after_id, limit);
  }
  Result<int64_t> LastEventId() override { return store_->LastEventId(); }
  Result<std::optional<IdempotencyRow>> FindIdempotency(const std::string& scope, const std::string& key) override {
    return store_->FindIdempotency(scope, key);
  }
  Result<int64_t> GetHookCursor(const std::string& hook) override { return store_->GetHookCursor(hook); }
  Result<ScheduleRow> GetSchedule(const std::string& id) override { return store_->GetSchedule(id); }
  Result<PageOf<ScheduleRow>> ListSchedules(const std::string& workflow_id, const Page& page) override {
    return store_->ListSchedules(workflow_id, page);
  }
  Result<std::vector<ScheduleRow>> ListDueSchedules(int64_t until_us, int limit) override {
    return reads_broken_ ? Result<std::vector<ScheduleRow>>(Broken()) : store_->ListDueSchedules(until_us, limit);
  }
  Result<std::vector<ScheduleRow>> ListOwingSchedules(const std::string& after_id, int limit) override {
    return reads_broken_ ? Result<std::vector<ScheduleRow>>(Broken()) : store_->ListOwingSchedules(after_id, limit);
  }
  Result<std::vector<std::pair<std::string, RunStatus>>> ListLiveRunsOfSchedule(const std::string& id, int limit) override {
    return store_->ListLiveRunsOfSchedule(id, limit);
  }
  Result<std::vector<std::string>> ListActiveRuns(const std::string& after_id, int limit) override {
    return store_->ListActiveRuns(after_id, limit);
  }
  Result<std::vector<RunMail>> ListMail(const RunMail* after, int limit) override { return store_->ListMail(after, limit); }
  Result<std::vector<Run>> ListLimitedRuns(int64_t after_us, const std::string& after_id, int limit) override {
    return store_->ListLimitedRuns(after_us, after_id, limit);
  }
  Result<std::vector<std::string>> ListExpiredRuns(int64_t until_us, int limit) override {
    return store_->ListExpiredRuns(until_us, limit);
  }
  Result<std::vector<std::pair<int64_t, std::string>>> ListDueRuns(int64_t until_us, int limit) override {
    return store_->ListDueRuns(until_us, limit);
  }

 private:
  Error Broken() {
    ++refused_reads_;
    return {ErrorCode::kUnavailable, "the store is broken"};
  }

  const std::shared_ptr<Store> store_;
  std::mutex mutex_;
  Judge judge_;
  std::atomic<bool> reads_broken_{false};
  std::atomic<int> refused_reads_{0};
  std::atomic<int> throws_{0};
  std::vector<size_t> batch_sizes_;
};

}  // namespace orc::test
