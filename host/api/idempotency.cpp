#include "api/idempotency.h"

#include <algorithm>

#include "base/ids.h"

namespace orc {
namespace {

constexpr std::string_view kHeader = "Idempotency-Key";
constexpr size_t kMaxKeyBytes = 255;
constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kKeptUs = 48 * kHourUs;  // twice what is promised

bool IsKey(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKeyBytes && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string HashOf(std::string_view body) { return std::to_string(body.size()) + "-" + std::to_string(StableHash(body)); }

Response ReplayOf(const IdempotencyRow& row) {
  Response response{row.status, row.body, "application/json", {}};
  if (!row.location.empty()) response.headers.emplace_back("Location", row.location);
  response.headers.emplace_back(kReplayHeader, "true");
  return response;
}

}  // namespace

void IdempotencyClaim::Release() {
  if (is_released_.exchange(true)) return;
  const std::lock_guard lock(under_way_->mutex);
  under_way_->keys.erase({scope_, key_});
}

IdempotencyRow IdempotencyClaim::RowFor(const Response& answer, int64_t now_us) const {
  IdempotencyRow row{scope_, key_, hash_, answer.status, {}, answer.body, now_us};
  for (const auto& [name, value] : answer.headers) {
    if (name == "Location") row.location = value;
  }
  return row;
}

Result<IdempotencyKeys::Verdict> IdempotencyKeys::Begin(const Request& request) {
  const std::string_view header = request.Header(kHeader);
  if (header.data() == nullptr) return Verdict{};
  if (request.Count(kHeader) > 1) return Error{ErrorCode::kUnreadable, "Idempotency-Key: expected once, found it several times"};
  if (!IsKey(header)) {
    return Error{ErrorCode::kUnreadable, "Idempotency-Key: expected 1 to 255 printable ASCII characters without spaces"};
  }
  std::string scope = std::string(ToText(request.method)) + " ";
  for (const std::string& part : SplitPath(request.path())) scope += "/" + PercentEncode(part);  // two spellings of one path are one
  std::string key(header);
  std::string hash = HashOf(request.body);
  {
    const std::lock_guard lock(under_way_->mutex);
    if (!under_way_->keys.emplace(scope, key).second) {
      return Error{ErrorCode::kConflict, "a request with this Idempotency-Key is still under way"};
    }
  }
  // Claimed before looking: two equal requests can't both find nothing.
  IdempotencyClaimPtr claim(new IdempotencyClaim(under_way_, std::move(scope), std::move(key), std::move(hash)));
  PruneNowAndThen();
  ORC_ASSIGN_OR_RETURN(const std::optional<IdempotencyRow> row, store_.FindIdempotency(claim->scope_, claim->key_));
  if (!row) return Verdict{std::nullopt, std::move(claim)};
  if (row->body_hash != claim->hash_) {
    return Error{ErrorCode::kInvalid, "this Idempotency-Key was used with another body before; take a new key for a new request"};
  }
  return Verdict{ReplayOf(*row), nullptr};
}

void IdempotencyKeys::PruneNowAndThen() {
  const int64_t now_us = clock_.NowUs();
  int64_t pruned_us = pruned_us_.load();
  if (now_us - pruned_us < kHourUs || !pruned_us_.compare_exchange_strong(pruned_us, now_us)) return;
  Change change;
  change.idempotency_before_us = now_us - kKeptUs;
  // Refused or failed: the next hour's turn does it.
  (void)committer_.Submit(std::move(change), Committer::Urgency::kNewWork, [](const Result<void>&) {});
}

}  // namespace orc
