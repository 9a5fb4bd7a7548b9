#include "api/sse_topic.h"

#include <algorithm>

#include "api/render_history.h"
#include "api/sse_format.h"

namespace orc {
namespace {

constexpr int kMaxPageRows = 500;

Result<void> LoadDefinition(SseTopic& topic, Store& store, Definitions& definitions) {
  if (topic.definition) return {};
  ORC_ASSIGN_OR_RETURN(const Run run, store.GetRun(topic.key.run_id));
  ORC_ASSIGN_OR_RETURN(topic.definition, definitions.Get(run.identity.workflow_id, run.identity.workflow_version));
  return {};
}

Result<void> ReadLogs(SseTopic& topic, Store& store, Definitions& definitions, int64_t position, SsePage& page) {
  ORC_ASSIGN_OR_RETURN(const std::vector<LogRow> rows, store.ReadLogs(topic.key.run_id, position, topic.page_rows));
  const bool is_json = topic.key.kind == SseTopicKey::Kind::kLogJson;
  if (is_json && !rows.empty()) ORC_RETURN_IF_ERROR(LoadDefinition(topic, store, definitions));
  for (const LogRow& row : rows) {
    AppendSseEvent(page.bytes, row.id, is_json ? RenderLogLine(row, *topic.definition) : row.text);
    page.last_id = row.id;
  }
  page.rows = static_cast<int>(rows.size());
  return {};
}

Result<void> ReadEvents(const SseTopic& topic, Store& store, int64_t position, SsePage& page) {
  ORC_ASSIGN_OR_RETURN(const std::vector<EventRow> rows, store.ReadEvents(topic.key.run_id, position, topic.page_rows));
  for (const EventRow& row : rows) {
    AppendSseEvent(page.bytes, row.id, RenderEvent(row));
    page.last_id = row.id;
  }
  page.rows = static_cast<int>(rows.size());
  return {};
}

}  // namespace

Result<SsePage> ReadSsePage(SseTopic& topic, Store& store, Definitions& definitions, int64_t position, size_t target_bytes) {
  SsePage page;
  page.last_id = position;
  if (topic.key.kind == SseTopicKey::Kind::kEvents) {
    ORC_RETURN_IF_ERROR(ReadEvents(topic, store, position, page));
  } else {
    ORC_RETURN_IF_ERROR(ReadLogs(topic, store, definitions, position, page));
  }
  page.is_last = page.rows < topic.page_rows;
  // The store pages by rows, a reader's buffer counts bytes.
  if (page.bytes.size() > target_bytes) {
    topic.page_rows = std::max(1, topic.page_rows / 2);
  } else if (!page.is_last && page.bytes.size() < target_bytes / 4) {
    topic.page_rows = std::min(kMaxPageRows, topic.page_rows * 2);
  }
  return page;
}

}  // namespace orc
