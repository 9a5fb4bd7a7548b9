#include "engine/log_buffer.h"

#include <iterator>
#include <utility>

#include "base/log.h"

namespace orc {
namespace {

constexpr size_t kMaxRows = 10'000;
constexpr int64_t kRetryUs = 500'000;

}  // namespace

void LogBuffer::Add(LogRow row) {
  if (rows_.size() + in_flight_ < kMaxRows) return rows_.push_back(std::move(row));
  if (gaps_.empty()) LogWarn("lines of run logs are dropped: the store is too slow", {{"run", row.run_id}});
  ++gaps_[row.run_id];
}

bool LogBuffer::IsReady() const { return in_flight_ == 0 && HasRows() && (retry_us_ == 0 || clock_.SteadyUs() >= retry_us_); }

LogBuffer::Rows LogBuffer::Take() {
  if (!HasRows()) return nullptr;
  Rows rows = std::make_shared<std::vector<LogRow>>(std::exchange(rows_, {}));
  for (const auto& [run_id, lines] : std::exchange(gaps_, {})) {
    rows->push_back({.run_id = run_id,
                     .at_us = clock_.NowUs(),
                     .level = "warn",
                     .source = "engine",
                     .text = std::to_string(lines) + " lines are missing here: they came faster than the store took them"});
  }
  in_flight_ += rows->size();
  return rows;
}

void LogBuffer::Ended(const Rows& rows, const Result<void>& result) {
  in_flight_ -= rows->size();
  retry_us_ = 0;
  if (result.ok()) return;
  if (result.error().code != ErrorCode::kUnavailable) {
    LogError("lines of run logs cannot be stored", {{"lines", rows->size()}, {"error", result.error().message}});
    return;
  }
  retry_us_ = clock_.SteadyUs() + kRetryUs;
  rows_.insert(rows_.begin(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
}

}  // namespace orc
