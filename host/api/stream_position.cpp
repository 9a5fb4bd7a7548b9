#include "api/stream_position.h"

#include <charconv>

#include "api/paging.h"

namespace orc {

Result<int64_t> ReadStreamPosition(const Call& call, int64_t fallback) {
  const std::string_view header = call.request().Header("Last-Event-ID");
  if (header.empty()) return ReadRowId(call.query, "last_event_id", fallback);
  int64_t id = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), id);
  if (error == std::errc() && end == header.data() + header.size() && id >= 0 && header.front() != '-') return id;
  return Error{ErrorCode::kUnreadable,
               "Last-Event-ID: found \"" + std::string(header.substr(0, 80)) + "\", expected an id that this stream sent"};
}

Result<void> CheckRunExists(const Call& call, const std::string& run_id) {
  const Result<RunProgress> progress = call.parts().store.GetRunProgress(run_id);
  if (progress.ok()) return {};
  if (progress.error().code != ErrorCode::kNotFound) return progress.error();
  return Error{ErrorCode::kNotFound, "there is no run \"" + run_id + "\""};
}

}  // namespace orc
