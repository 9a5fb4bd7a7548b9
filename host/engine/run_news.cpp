#include "engine/run_news.h"

namespace orc {
namespace {

RunNews& Of(const std::string& run_id, size_t begin, std::vector<RunNews>& news) {
  if (news.size() > begin && news.back().run_id == run_id) return news.back();
  return news.emplace_back(RunNews{run_id, false, false, false});
}

}  // namespace

void AppendNews(const Change& change, std::vector<RunNews>& news) {
  const size_t begin = news.size();
  for (const LogRow& row : change.logs) Of(row.run_id, begin, news).logs = true;
  for (const EventRow& row : change.events) Of(row.run_id, begin, news).events = true;
  for (const Run& run : change.new_runs) {
    if (IsTerminal(run.progress.status)) Of(run.identity.id, begin, news).terminal = true;
  }
  for (const RunUpdate& update : change.run_updates) {
    if (IsTerminal(update.progress.status)) Of(update.id, begin, news).terminal = true;
  }
}

}  // namespace orc
