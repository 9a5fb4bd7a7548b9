#include "engine/run_limits.h"

#include <algorithm>

namespace orc {

RunLimits::Answer RunLimits::Enter(const std::string& key, const std::string& run_id, const LimitPolicy& policy) {
  const std::lock_guard lock(mutex_);
  Group& group = groups_[key];
  if (const auto known = group.arrivals.find(run_id); known != group.arrivals.end()) {
    return {group.holders.contains(known->second) ? Place::kFree : Place::kQueue};
  }
  const bool is_free = group.waiting.empty() && group.holders.size() < static_cast<size_t>(policy.limit);
  if (!is_free && policy.on_limit == LimitPolicy::OnLimit::kReject) return {Place::kNone};
  Add(group, is_free ? group.holders : group.waiting, run_id, policy, ++last_arrival_);
  if (is_free) return {Place::kFree};
  if (policy.on_limit != LimitPolicy::OnLimit::kCancelOldest) return {Place::kQueue};
  return {Place::kQueue, ChooseVictims(group, run_id, policy.limit)};
}

void RunLimits::Restore(const std::string& key, const std::string& run_id, const LimitPolicy& policy, bool waits) {
  const std::lock_guard lock(mutex_);
  Group& group = groups_[key];
  if (!group.arrivals.contains(run_id)) Add(group, waits ? group.waiting : group.holders, run_id, policy, ++last_arrival_);
}

std::vector<std::string> RunLimits::Leave(const std::string& key, const std::string& run_id) {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(key);
  if (found == groups_.end()) return {};
  Group& group = found->second;
  if (const auto known = group.arrivals.find(run_id); known != group.arrivals.end()) {
    group.holders.erase(known->second);
    group.waiting.erase(known->second);
    group.arrivals.erase(known);
  }
  std::vector<std::string> granted;
  Grant(group, granted);
  if (group.arrivals.empty()) groups_.erase(found);
  return granted;
}

std::vector<std::string> RunLimits::Withdraw(const std::string& key, const std::string& run_id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(key);
    if (found == groups_.end()) return {};
    for (Members* members : {&found->second.holders, &found->second.waiting}) {
      for (auto& [arrival, member] : *members) {
        if (member.makes_way_for == run_id) member.makes_way_for.clear();
      }
    }
  }
  return Leave(key, run_id);
}

std::vector<std::string> RunLimits::GrantAll() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> granted;
  for (auto& [key, group] : groups_) Grant(group, granted);
  return granted;
}

void RunLimits::Add(Group& group, Members& members, const std::string& run_id, const LimitPolicy& policy, uint64_t arrival) {
  members.emplace(arrival, Member{run_id, policy.limit});
  group.arrivals.emplace(run_id, arrival);
}

/// The newest `limit` runs stay: those before them make way, unless they do already.
std::vector<std::string> RunLimits::ChooseVictims(Group& group, const std::string& newest, int32_t limit) {
  std::vector<Member*> staying;
  for (Members* members : {&group.holders, &group.waiting}) {
    for (auto& [arrival, member] : *members) {
      if (member.makes_way_for.empty() && member.run_id != newest) staying.push_back(&member);
    }
  }
  std::vector<std::string> victims;
  for (size_t left = staying.size(); left >= static_cast<size_t>(limit); --left) {
    Member& victim = *staying[staying.size() - left];
    victim.makes_way_for = newest;
    victims.push_back(victim.run_id);
  }
  return victims;
}

void RunLimits::Grant(Group& group, std::vector<std::string>& granted) {
  while (!group.waiting.empty() && group.holders.size() < static_cast<size_t>(group.waiting.begin()->second.limit)) {
    granted.push_back(group.waiting.begin()->second.run_id);
    group.holders.insert(group.waiting.extract(group.waiting.begin()));
  }
}

std::string LimitReached(const LimitPolicy& policy) {
  const std::string key = policy.key == nullptr ? "" : " with the same `" + policy.key->source() + "`";
  const std::string runs = policy.limit == 1 ? "one run" : std::to_string(policy.limit) + " runs";
  return "the workflow's limit is reached: " + runs + key + " at a time, and on_limit is \"reject\"";
}

}  // namespace orc
