#include "store/memory_upkeep.h"

#include <algorithm>
#include <tuple>

#include "store/memory_lists.h"

namespace orc {

std::vector<std::string> ActiveRuns(const MemoryTables& tables, const std::string& after_id, int limit) {
  std::vector<std::string> ids;
  for (auto at = tables.runs.upper_bound(after_id); at != tables.runs.end() && ids.size() < static_cast<size_t>(limit); ++at) {
    if (IsActive(at->second.progress.status)) ids.push_back(at->first);
  }
  return ids;
}

std::vector<std::pair<int64_t, std::string>> DueRuns(const MemoryTables& tables, int64_t until_us, int limit) {
  std::vector<std::pair<int64_t, std::string>> due;
  for (const auto& [id, run] : tables.runs) {
    int64_t wake_us = run.progress.wake_us;
    if (wake_us > 0 && wake_us <= until_us && !IsTerminal(run.progress.status)) due.emplace_back(wake_us, id);
  }
  std::sort(due.begin(), due.end());
  if (due.size() > static_cast<size_t>(limit)) due.resize(static_cast<size_t>(limit));
  return due;
}

std::vector<RunMail> UnreadMail(const MemoryTables& tables, const RunMail* after, int limit) {
  std::vector<RunMail> page;
  auto at = after == nullptr ? tables.mail.begin() : tables.mail.upper_bound({after->to, after->from, after->kind, after->attempt});
  for (; at != tables.mail.end() && page.size() < static_cast<size_t>(limit); ++at) page.push_back(at->second);
  return page;
}

std::vector<Run> LimitedRuns(const MemoryTables& tables, int64_t after_created_us, const std::string& after_id, int limit) {
  const auto place = [](const RunIdentity& identity) { return std::tie(identity.created_us, identity.id); };
  std::vector<Run> page;
  for (const auto& [id, run] : tables.runs) {
    const bool is_after = place(run.identity) > std::tie(after_created_us, after_id);
    if (is_after && !run.identity.limit_key.empty() && !IsTerminal(run.progress.status)) {
      page.push_back({run.identity, run.progress, std::make_shared<const Json>(JsonObject()), {}, {}});
    }
  }
  std::sort(page.begin(), page.end(), [&](const Run& a, const Run& b) { return place(a.identity) < place(b.identity); });
  if (page.size() > static_cast<size_t>(limit)) page.resize(static_cast<size_t>(limit));
  return page;
}

std::vector<std::string> ExpiredRuns(const MemoryTables& tables, int64_t until_us, int limit) {
  std::vector<std::pair<int64_t, std::string>> expired;
  for (const auto& [id, run] : tables.runs) {
    if (run.progress.expires_us <= 0 || run.progress.expires_us > until_us) continue;
    const auto is_from_it = [&](const auto& entry) { return entry.second.from == run.identity.id; };
    if (std::none_of(tables.mail.begin(), tables.mail.end(), is_from_it)) expired.emplace_back(run.progress.expires_us, id);
  }
  std::sort(expired.begin(), expired.end());
  std::vector<std::string> ids;
  for (const auto& [expires_us, id] : expired) {
    if (ids.size() < static_cast<size_t>(limit)) ids.push_back(id);
  }
  return ids;
}

}  // namespace orc
