// How calls by name wait for one look-up (see lookups.h), and how a call gets to libcurl.
#include "outbound/curl_service.h"

namespace orc {

void CurlService::Connect(uint64_t id) {
  const auto it = active_.find(id);
  if (it == active_.end()) return;  // ended while it waited for a name
  if (auto late = it->second.transfer->SetTimeOut()) return Finish(id, std::move(*late));
  const CURLMcode code = curl_multi_add_handle(multi_.get(), it->second.transfer->easy());
  if (code != CURLM_OK)
    Finish(id, it->second.transfer->Abort(HttpFailure::kNetwork, std::string("the call can't begin: ") + curl_multi_strerror(code)));
}

void CurlService::Release(const std::vector<uint64_t>& calls) { released_.insert(released_.end(), calls.begin(), calls.end()); }

void CurlService::ConnectReleased() {
  while (!released_.empty()) {
    const uint64_t id = released_.back();
    released_.pop_back();
    Connect(id);
  }
}

void CurlService::ReleaseResolved() {
  for (size_t i = 0; i < looking_up_.size();) {
    const auto it = active_.find(looking_up_[i]);
    if (it != active_.end() && !it->second.transfer->has_resolved()) {
      ++i;
      continue;
    }
    const std::string origin = it == active_.end() ? std::string() : it->second.transfer->origin();
    looking_up_.erase(looking_up_.begin() + static_cast<ptrdiff_t>(i));
    if (origin.empty()) continue;
    Release(lookups_.Resolved(origin, MonotonicUs()));
  }
}

void CurlService::EndLookup(const Active& ended, uint64_t id) {
  const Transfer& transfer = *ended.transfer;
  if (transfer.has_resolved()) {
    Release(lookups_.Resolved(transfer.origin(), MonotonicUs()));
  } else if (transfer.has_no_address()) {
    for (const uint64_t follower : lookups_.Failed(transfer.origin(), id)) {
      const auto it = active_.find(follower);
      if (it != active_.end()) Finish(follower, it->second.transfer->AbortUnresolved());
    }
  } else if (const uint64_t next = lookups_.Ended(transfer.origin(), id); next != 0) {
    looking_up_.push_back(next);
    Release({next});
  }
}

}  // namespace orc
