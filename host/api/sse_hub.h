// Who follows what: hints of the notifier become pages of the store, pages become bytes for the reactor.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "api/completion.h"
#include "api/mailbox.h"
#include "api/sse_topic.h"
#include "api/workers.h"
#include "engine/notifier.h"

namespace orc {

/// Thread-safe. Holds no rows: a stream is a position, and what it has not got yet is read again from the store, once for all
/// streams at the same position. So nothing is lost or doubled whatever the hints do. A stream whose buffer is half full
/// gets no more pages until it has drained.
class SseHub final : public SseStreamOwner {
 public:
  SseHub(Store& store, Definitions& definitions, Workers& workers, std::shared_ptr<Mailbox> mailbox, size_t buffer_bytes);

  /// Turns the request's connection into a stream of `key`, from the row after `position` on.
  void Open(SseTopicKey key, int64_t position, Completion& completion);
  void OnNews(const std::vector<RunNews>& news);
  /// The run is gone: its streams end.
  void OnDeleted(const std::string& run_id) { OnNews({RunNews{run_id, true, true, true}}); }
  size_t size() const { return count_.load(std::memory_order_relaxed); }

  void OnDrained(const SseStreamPtr& stream) override;
  void OnClosed(const SseStreamPtr& stream) override;
  void OnIdle(const SseStreamPtr& stream) override;

 private:
  using TopicPtr = std::shared_ptr<SseTopic>;
  using RunTopics = std::array<TopicPtr, 3>;  // by kind
  struct Batch {
    int64_t position = 0;
    bool must_check = false;
  };

  void Mark(const TopicPtr& topic, bool must_check);
  void SchedulePump(const TopicPtr& topic);
  void Pump(const TopicPtr& topic);
  bool NextBatch(SseTopic& topic, Batch& batch);
  void CheckEnd(SseTopic& topic);
  void Deliver(SseTopic& topic, const Batch& batch, Result<SsePage> page);
  void Detach(SseStream& stream);
  void DropIfUnused(const TopicPtr& topic);

  Store& store_;
  Definitions& definitions_;
  Workers& workers_;
  const std::shared_ptr<Mailbox> mailbox_;
  const size_t half_buffer_;
  std::atomic<size_t> count_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, RunTopics> topics_;  // by run; "" is all of them
};

}  // namespace orc
