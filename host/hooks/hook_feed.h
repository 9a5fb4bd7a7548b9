// One hook's way through the history: what to send next, and how far it is on the disk.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/store.h"
#include "hooks/hooks.h"
#include "outbound/http_service.h"

namespace orc {

/// Pure bookkeeping: no clock, no I/O, no threads. Times are steady microseconds.
class HookFeed {
 public:
  HookFeed(HookTarget target, int64_t cursor) : target_(std::move(target)), read_to_(cursor), delivered_to_(cursor) {}

  const HookTarget& target() const { return target_; }
  int64_t read_to() const { return read_to_; }
  bool WantsRows() const { return rows_.empty(); }
  /// Takes what was read after read_to(); rows that are no hook events are passed over.
  void AddRows(std::vector<EventRow> rows);

  /// The event to send now; null when there is none, one is on its way, or it must wait.
  const EventRow* NextToSend(int64_t now_us) const;
  void OnSent() { in_flight_ = true; }
  /// Judges the answer: delivered, to be tried again later, or put aside (with a line in the log).
  void OnReply(const HttpReply& reply, int64_t now_us, uint64_t random);

  /// The cursor to store now, when enough came together or `at_once`; the caller reports back by OnStored.
  std::optional<int64_t> CursorToStore(int64_t now_us, bool at_once);
  void OnStored(bool ok, int64_t now_us);
  /// The cursor wants to be stored though it has not moved: a hook that the store knows keeps the events it has not delivered.
  void MakeKnown(int64_t now_us) { dirty_since_us_ = now_us; }

  /// When something is due without news from outside; 0: nothing.
  int64_t DueUs() const;

 private:
  void PassOn(int64_t now_us);

  HookTarget target_;
  std::deque<EventRow> rows_;
  int64_t read_to_;
  int64_t delivered_to_;
  int64_t dirty_since_us_ = 0;  // when the cursor first moved beyond what is stored; 0: it did not
  int64_t try_at_us_ = 0;       // not before
  int failures_ = 0;            // in a row, of the event at the front
  int refusals_ = 0;
  bool in_flight_ = false;
  bool storing_ = false;
};

}  // namespace orc
