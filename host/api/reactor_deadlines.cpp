// The reactor's deadlines.
#include <algorithm>

#include "api/reactor.h"

namespace orc {

void Reactor::Arm(Connection& connection, int64_t deadline_us) {
  connection.deadline_us = deadline_us;
  if (deadline_us == 0 || (connection.alarm_us != 0 && connection.alarm_us <= deadline_us)) return;
  // Never further ahead than a head may take: then the alarm of an idle connection also serves its next request, and a
  // busy one sets no alarms at all.
  connection.alarm_us = std::min(deadline_us, now_us_ + options_.head_timeout_ms * 1000);
  alarms_.Set(connection.alarm_us, connection.token());
}

void Reactor::RingAlarms() {
  int64_t at_us = 0;
  uint64_t token = 0;
  while (alarms_.TakeDue(now_us_, at_us, token)) {
    Connection* connection = Find(token);
    if (!connection || connection->alarm_us != at_us) continue;
    connection->alarm_us = 0;
    if (connection->deadline_us == 0) continue;
    if (connection->deadline_us > now_us_) {
      Arm(*connection, connection->deadline_us);
    } else {
      OnDeadline(*connection);
    }
  }
}

void Reactor::OnDeadline(Connection& connection) {
  switch (connection.phase) {
    case Phase::kReading:
      if (connection.PartRead() == 0) return Close(connection);
      Refuse(connection, 408, "the request did not arrive in time");
      return Advance(connection);
    case Phase::kHandling:
      connection.deadline_us = 0;
      if (connection.on_end) sink_.RunLater(std::exchange(connection.on_end, nullptr));
      return;
    case Phase::kStreaming:
      return Beat(connection);
    case Phase::kAnswering:
    case Phase::kLingering:
      return Close(connection);
  }
}

}  // namespace orc
