#include "outbound/lookups.h"

#include <utility>

namespace orc {
namespace {

constexpr int64_t kKnownUs = 50'000'000;  // libcurl's cache keeps a name for 60 s
constexpr size_t kMaxKnown = 1000;

}  // namespace

bool Lookups::MayBegin(const std::string& origin, uint64_t call, int64_t now_us) {
  if (const auto known = known_until_us_.find(origin); known != known_until_us_.end() && known->second > now_us) return true;
  const auto [it, is_first] = under_way_.try_emplace(origin);
  if (is_first) {
    it->second.leader = call;
  } else {
    it->second.followers.push_back(call);
  }
  return is_first;
}

std::vector<uint64_t> Lookups::Resolved(const std::string& origin, int64_t now_us) {
  if (known_until_us_.size() >= kMaxKnown) known_until_us_.clear();
  known_until_us_[origin] = now_us + kKnownUs;
  auto node = under_way_.extract(origin);
  return node.empty() ? std::vector<uint64_t>() : std::move(node.mapped().followers);
}

uint64_t Lookups::Ended(const std::string& origin, uint64_t call) {
  const auto it = under_way_.find(origin);
  if (it == under_way_.end()) return 0;
  Lookup& lookup = it->second;
  if (lookup.leader != call) {
    std::erase(lookup.followers, call);
    return 0;
  }
  if (lookup.followers.empty()) {
    under_way_.erase(it);
    return 0;
  }
  lookup.leader = lookup.followers.back();
  lookup.followers.pop_back();
  return lookup.leader;
}

std::vector<uint64_t> Lookups::Failed(const std::string& origin, uint64_t call) {
  known_until_us_.erase(origin);
  const auto it = under_way_.find(origin);
  if (it == under_way_.end() || it->second.leader != call) return {};
  auto followers = std::move(it->second.followers);
  under_way_.erase(it);
  return followers;
}

}  // namespace orc
