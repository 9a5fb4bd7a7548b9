// What an event stream follows, and the reading of its rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/sse_stream.h"
#include "base/result.h"
#include "engine/definitions.h"
#include "engine/store.h"

namespace orc {

struct SseTopicKey {
  enum class Kind : uint8_t { kEvents, kLogText, kLogJson };
  Kind kind = Kind::kEvents;
  std::string run_id;  // empty: events of all runs
  bool operator==(const SseTopicKey&) const = default;
};

/// One per key that anybody follows. Members are the hub's, under its mutex, but for those of the pump.
struct SseTopic {
  explicit SseTopic(SseTopicKey k) : key(std::move(k)) {}
  const SseTopicKey key;
  std::vector<SseStreamPtr> streams;
  bool is_dirty = true;     // there may be new rows
  bool is_pumped = false;   // a worker is at it
  bool must_check = false;  // the run may have ended (or begun again) since the last look
  bool has_ended = false;   // the run was terminal at the last look
  std::string final_state;  // of an ended one: the data of its `end`

  // The pump's alone.
  int page_rows = 64;
  std::shared_ptr<const Definition> definition;
};

/// One page of a topic, as bytes.
struct SsePage {
  std::string bytes;
  int64_t last_id = 0;  // of the last row; the position asked for when there was none
  int rows = 0;
  bool is_last = false;  // there was nothing more
};

/// Reads and formats the rows after `position`; adapts `topic.page_rows` so that a page has about `target_bytes`.
Result<SsePage> ReadSsePage(SseTopic& topic, Store& store, Definitions& definitions, int64_t position, size_t target_bytes);

}  // namespace orc
