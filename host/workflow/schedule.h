// A schedule of a workflow: when it starts runs, and what happens when it can't.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "workflow/cron.h"

namespace orc {

/// What happens at an instant while a run of the same schedule is live.
enum class ScheduleOverlap : uint8_t { kSkip, kQueue, kAllow, kCancelRunning };
/// What happens to instants that were missed: while the server was down, say.
enum class ScheduleCatchUp : uint8_t { kNone, kLast, kAll };

std::string_view ToText(ScheduleOverlap overlap);   // "skip", "queue", "allow", "cancel_running"
std::string_view ToText(ScheduleCatchUp catch_up);  // "none", "last", "all"
/// Nothing for a text that is none of them.
std::optional<ScheduleOverlap> ParseScheduleOverlap(std::string_view text);
std::optional<ScheduleCatchUp> ParseScheduleCatchUp(std::string_view text);

/// One of a definition's `schedules`.
struct ScheduleDefinition {
  std::string name = {};  // unique in the workflow
  std::string cron = {};  // as written; Cron::Parse takes it
  std::string timezone = "UTC";
  ScheduleOverlap overlap = ScheduleOverlap::kSkip;
  ScheduleCatchUp catch_up = ScheduleCatchUp::kNone;
  Json context = JsonObject{};  // of its runs, literal
  bool paused = false;          // as it begins
};

/// The instants of a schedule, in microseconds since the epoch (they are whole seconds). Cheap to make and to copy; thread-safe.
class Timetable {
 public:
  /// kInvalid, of the cron expression or of the zone's name (with the nearest one).
  static Result<Timetable> Make(const std::string& cron, const std::string& timezone);

  /// The first instant after `us`; nothing at the end of the years.
  std::optional<int64_t> NextUs(int64_t us) const;
  /// The last instant in (`after_us`, `us`].
  std::optional<int64_t> LastUs(int64_t after_us, int64_t us) const;

  const TimeZone& zone() const { return zone_; }

 private:
  Timetable(Cron cron, TimeZone zone) : cron_(cron), zone_(std::move(zone)) {}
  Cron cron_;
  TimeZone zone_;
};

}  // namespace orc
