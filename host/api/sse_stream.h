// One open event stream, as the reactor (which writes) and the hub (which reads the store) share it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace orc {

struct SseTopic;

struct SseStream {
  explicit SseStream(uint64_t connection) : token(connection) {}
  const uint64_t token;               // the reactor's name of its connection
  std::atomic<size_t> unwritten = 0;  // bytes handed to the reactor that the kernel did not take yet

  // The hub's, under its mutex.
  SseTopic* topic = nullptr;  // null: closed
  size_t index = 0;           // in the topic's list
  int64_t position = 0;       // id of the last row handed over
  bool behind = true;         // there may be rows after `position`
  bool is_blocked = false;    // its buffer was too full when there was something for it
};
using SseStreamPtr = std::shared_ptr<SseStream>;

/// What the reactor tells the hub. Called on the reactor's thread; must return at once.
class SseStreamOwner {
 public:
  virtual ~SseStreamOwner() = default;
  /// The buffer fell below half of what it may hold.
  virtual void OnDrained(const SseStreamPtr& stream) = 0;
  virtual void OnClosed(const SseStreamPtr& stream) = 0;
  /// Now and then for an idle stream: look whether a hint got lost.
  virtual void OnIdle(const SseStreamPtr& stream) = 0;
};

}  // namespace orc
