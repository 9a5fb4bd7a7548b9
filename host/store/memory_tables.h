// What the memory store holds, and the undo log that makes its commits all-or-nothing.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/store.h"

namespace orc {

struct MemoryRun {
  RunIdentity identity;
  RunProgress progress;
};

struct MemoryStep {
  StepState state;
  int64_t since_us = 0;  // in its present status
};

struct MemoryTables {
  using VersionKey = std::pair<std::string, int32_t>;
  using StepKey = std::tuple<std::string, uint32_t, int32_t>;
  using DocumentKey = std::tuple<std::string, Document::Kind, int32_t, int32_t>;
  using RowKey = std::pair<std::string, int64_t>;  // run, row id

  std::map<std::string, WorkflowRow> workflows;
  std::map<std::string, std::string> workflow_keys;  // key → id
  std::map<VersionKey, VersionRow> versions;
  std::map<std::string, VersionKey> version_ids;
  std::map<std::string, TemplateRow> templates;
  std::map<std::string, MemoryRun> runs;
  std::map<StepKey, MemoryStep> steps;
  std::map<DocumentKey, std::string> documents;
  std::map<int64_t, EventRow> events;
  std::map<RowKey, bool> events_of_run;
  std::map<int64_t, LogRow> logs;
  std::map<RowKey, bool> logs_of_run;
  std::map<std::pair<std::string, std::string>, IdempotencyRow> idempotency;
  using MailKey = std::tuple<std::string, std::string, RunMail::Kind, int32_t>;  // to, from, kind, attempt
  std::map<MailKey, RunMail> mail;
  std::map<std::string, int64_t> hook_cursors;
  std::map<std::string, ScheduleRow> schedules;
  std::map<std::string, bool> deleted_runs;  // whose events some hook has not delivered yet
  int64_t last_event_id = 0;
  int64_t last_log_id = 0;
};

/// The tables to be read, for as long as it lives.
struct LockedTables {
  std::unique_lock<std::mutex> lock;
  const MemoryTables& tables;
  operator const MemoryTables&() const { return tables; }
};

/// Changes maps and remembers how to change them back.
class UndoLog {
 public:
  template <typename Map>
  void Put(Map& map, const typename Map::key_type& key, typename Map::mapped_type value) {
    auto [at, is_new] = map.try_emplace(key);
    if (is_new) {
      undo_.push_back([&map, key] { map.erase(key); });
    } else {
      undo_.push_back([&map, key, old = std::move(at->second)]() mutable { map[key] = std::move(old); });
    }
    at->second = std::move(value);
  }

  template <typename Map>
  typename Map::iterator Erase(Map& map, typename Map::iterator at) {
    undo_.push_back([&map, key = at->first, old = std::move(at->second)]() mutable { map[key] = std::move(old); });
    return map.erase(at);
  }

  void Undo() {
    for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) (*step)();
    undo_.clear();
  }

 private:
  std::vector<std::function<void()>> undo_;
};

/// Applies one change; on an error `undo` takes back what was done. Row ids are counted in `tables`.
Result<void> ApplyToMemory(const Change& change, MemoryTables& tables, UndoLog& undo);

}  // namespace orc
