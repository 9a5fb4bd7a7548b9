#include "unit/api/scripted_runner.h"

#include "base/json.h"

namespace orc::test {

ScriptedRunner::ScriptedRunner() : thread_([this] { Work(); }) {}
ScriptedRunner::~ScriptedRunner() { Stop(); }

void ScriptedRunner::Stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ScriptedRunner::Start(AttemptOrder order) {
  const Result<Json> input = ParseJson(order.input);
  const std::string hold = input.ok() ? std::string(StringAt(*input, "hold")) : std::string();
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
    if (!hold.empty() && !released_[hold]) {
      held_.emplace(hold, std::move(order));
      return;
    }
    ready_.push_back(std::move(order));
  }
  wake_.notify_all();
}

void ScriptedRunner::Release(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    released_[name] = true;
    const auto [begin, end] = held_.equal_range(name);
    for (auto it = begin; it != end; ++it) ready_.push_back(std::move(it->second));
    held_.erase(begin, end);
  }
  wake_.notify_all();
}

void ScriptedRunner::Cancel(const AttemptKey& key) {
  {
    const std::lock_guard lock(mutex_);
    for (auto it = held_.begin(); it != held_.end(); ++it) {
      if (!(it->second.key == key)) continue;
      held_.erase(it);
      canceled_.push_back(key);
      break;
    }
  }
  wake_.notify_all();
}

size_t ScriptedRunner::InFlight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_;
}

void ScriptedRunner::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return is_stopping_ || !ready_.empty() || !canceled_.empty(); });
    if (is_stopping_) return;
    if (!canceled_.empty()) {
      AttemptFinished result;
      result.key = canceled_.front();
      canceled_.pop_front();
      --in_flight_;
      result.outcome = AttemptFinished::Outcome::kCanceled;
      lock.unlock();
      sink_->OnFinished(std::move(result));
    } else {
      const AttemptOrder order = std::move(ready_.front());
      ready_.pop_front();
      --in_flight_;
      lock.unlock();
      Finish(order);
    }
    lock.lock();
  }
}

void ScriptedRunner::Finish(const AttemptOrder& order) {
  const Result<Json> parsed = ParseJson(order.input);
  const Json input = parsed.ok() ? *parsed : Json(JsonObject());
  const std::string_view log = StringAt(input, "log");
  if (!log.empty()) sink_->OnLog(order.key, "test.do", "info", std::string(log));
  AttemptFinished result;
  result.key = order.key;
  result.http_code = 200;
  if (const Json* output = Find(input, "output")) result.output = PrintJson(*output);
  if (const Json* headers = Find(input, "headers")) result.response_headers = PrintJson(*headers);
  if (const std::string_view why = StringAt(input, "fail"); !why.empty()) {
    result.outcome = AttemptFinished::Outcome::kFailed;
    result.http_code = 500;
    result.error = {"http_status", std::string(why), false, R"({"status":500})"};
  }
  sink_->OnFinished(std::move(result));
}

}  // namespace orc::test
