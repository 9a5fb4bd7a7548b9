#include "engine/notifier.h"

#include <utility>

namespace orc {

uint64_t Notifier::Subscribe(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(++last_token_, std::move(listener));
  return last_token_;
}

void Notifier::Unsubscribe(uint64_t token) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(token);
}

void Notifier::Publish(const std::vector<RunNews>& news) {
  if (news.empty()) return;
  // Held during the calls: this is what makes Unsubscribe's promise true.
  const std::lock_guard lock(mutex_);
  for (const auto& [token, listener] : listeners_) listener(news);
}

}  // namespace orc
