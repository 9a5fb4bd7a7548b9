#include "plugin/isolated_plugin.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "plugin/abi_check.h"

namespace orc {
namespace {

constexpr std::chrono::seconds kStartLimit{20};
constexpr std::chrono::seconds kHealthLimit{5};
constexpr size_t kMaxUnsent = 256u << 20;

}  // namespace

IsolatedPlugin::~IsolatedPlugin() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, worker] : workers_) {  // none, after End
    if (worker->socket_key != 0) loop_.Forget(worker->socket_key, worker->process->socket());
    loop_.Forget(worker->end_key, worker->process->end_descriptor());
  }
  workers_.clear();
}

Plugins::Failure IsolatedPlugin::Open() {
  loop_.AddClock([weak = weak_from_this()](int64_t now_us) {
    const auto self = weak.lock();
    return self ? self->OnTime(now_us) : std::numeric_limits<int64_t>::max();
  });
  std::unique_lock lock(mutex_);
  wants_worker_ = true;
  loop_.Wake();
  if (!changed_.wait_for(lock, kStartLimit, [&] { return is_described_ || !failure_.check.empty(); })) {
    return {options_.file, "isolation", "its process did not say what it offers within " + std::to_string(kStartLimit.count()) + " s"};
  }
  return is_described_ ? Plugins::Failure{options_.file, "", ""} : failure_;
}

std::string IsolatedPlugin::Make(uint32_t action, const std::string& config) {
  std::unique_lock lock(mutex_);
  const auto answered = [&] { return creations_[action].is_there; };
  creations_[action] = {};
  made_[action] = config;
  bool is_told = false;
  for (auto& [id, worker] : workers_) {
    if (!worker->is_described || !worker->end_reason.empty()) continue;
    ++worker->creations;
    Send(*worker, wire::Create{action, config}.Encode());
    is_told = true;
  }
  if (!is_told) {  // a new process is told of all that was made
    wants_worker_ = true;
    loop_.Wake();
  }
  if (!changed_.wait_for(lock, kStartLimit, answered)) creations_[action].text = "create did not return in time";
  const Answer answer = creations_[action];
  if (answer.is_there && answer.code == 1) return {};
  made_.erase(action);
  return answer.text.empty() ? "it gave no reason" : answer.text;
}

void IsolatedPlugin::Start(uint32_t action, uint64_t attempt, const orc_request& request) {
  std::string frame = wire::EncodeStart(attempt, action, request);
  std::vector<Lost> lost;
  {
    const std::lock_guard lock(mutex_);
    if (is_over_) {
      lost.push_back({attempt, "the plugin is being stopped"});
    } else {
      waiting_.emplace(attempt, std::move(frame));
      Pump();
    }
  }
  Report(lost);
}

void IsolatedPlugin::Cancel(uint64_t attempt) {
  bool never_began = false;
  {
    const std::lock_guard lock(mutex_);
    never_began = waiting_.erase(attempt) != 0;
    const auto at = at_.find(attempt);
    if (at != at_.end() && workers_.at(at->second)->attempts[attempt].kill_at_us == 0) {
      IsolatedWorker& worker = *workers_.at(at->second);
      const int64_t now_us = IsolationLoop::NowUs();
      worker.attempts[attempt].kill_at_us = now_us + options_.settings.stop_grace_ms * 1000;
      if (worker.cancelled++ == 0) worker.cancelled_since_us = now_us;
      if (worker.next_kill_us == 0) worker.next_kill_us = worker.attempts[attempt].kill_at_us;  // later ones are later
      Send(worker, wire::EncodeNumber(wire::Kind::kCancel, attempt));
      loop_.Wake();
    }
  }
  if (!never_began) return;
  orc_result cancelled{};
  cancelled.struct_size = sizeof cancelled;
  cancelled.outcome = ORC_CANCELLED;
  cancelled.retry_after_ms = -1;
  host_->complete(host_->context, attempt, &cancelled);
}

int32_t IsolatedPlugin::CheckHealth(uint32_t action, std::string& report) {
  std::unique_lock lock(mutex_);
  const auto worker = std::find_if(workers_.begin(), workers_.end(), [](const auto& w) { return w.second->is_ready(); });
  if (worker == workers_.end()) {
    report = last_end_.empty() ? "its process is starting" : "its process " + last_end_ + "; the next attempt starts another";
    return 1;
  }
  const uint64_t question = ++last_question_;
  Send(*worker->second, wire::EncodeHealth(wire::Kind::kCheckHealth, question, static_cast<int32_t>(action), {}));
  health_[question] = {};
  const bool answered = changed_.wait_for(lock, kHealthLimit, [&] { return health_[question].is_there; });
  const Answer answer = health_[question];
  health_.erase(question);
  report = answered ? answer.text : "its process did not answer within 5 s";
  return answered ? answer.code : 1;
}

void IsolatedPlugin::End() {
  std::vector<Lost> lost;
  {
    std::unique_lock lock(mutex_);
    BeginEnd(lost);
    changed_.wait_for(lock, std::chrono::seconds(2), [&] { return workers_.empty(); });
    for (auto& [id, worker] : workers_) Kill(*worker, "was ended with the server");
    changed_.wait_for(lock, std::chrono::seconds(2), [&] { return workers_.empty(); });
  }
  Report(lost);
}

void IsolatedPlugin::EndSoon() {
  std::vector<Lost> lost;
  {
    const std::lock_guard lock(mutex_);
    BeginEnd(lost);
    if (!workers_.empty()) itself_ = shared_from_this();
  }
  Report(lost);
}

void IsolatedPlugin::BeginEnd(std::vector<Lost>& lost) {
  is_over_ = true;
  LoseWaiting("the plugin is being stopped", lost);
  for (auto& [id, worker] : workers_) {
    Send(*worker, wire::EncodeNumber(wire::Kind::kShutdown, 0));
    if (worker->closed_us == 0) worker->closed_us = IsolationLoop::NowUs();  // the clock ends what has not ended a little later
  }
  loop_.Wake();
}

std::vector<pid_t> IsolatedPlugin::Pids() const {
  const std::lock_guard lock(mutex_);
  std::vector<pid_t> pids;
  for (const auto& [id, worker] : workers_) pids.push_back(worker->process->pid());
  return pids;
}

/// Hands waiting attempts to processes with room, and asks for another process where none has.
void IsolatedPlugin::Pump() {
  while (!waiting_.empty()) {
    IsolatedWorker* worker = FreeWorker();
    if (worker == nullptr) break;
    const auto next = waiting_.extract(waiting_.begin());
    const uint64_t attempt = next.key();
    worker->attempts.emplace(attempt, IsolatedWorker::Attempt{});
    if (worker->attempts.size() == 1) {  // it was idle: the time for its next sign of life begins here
      worker->heard_us = IsolationLoop::NowUs();
      loop_.Wake();
    }
    at_[attempt] = worker->id;
    Send(*worker, next.mapped());
  }
  if (waiting_.empty() || wants_worker_) return;
  wants_worker_ = true;  // one is started once there may be another
  loop_.Wake();
}

IsolatedWorker* IsolatedPlugin::FreeWorker() {
  IsolatedWorker* best = nullptr;
  const auto most = static_cast<size_t>(options_.settings.attempts_per_process);
  for (auto& [id, worker] : workers_) {
    if (!worker->is_ready() || worker->cancelled != 0 || (most != 0 && worker->attempts.size() >= most)) continue;
    if (best == nullptr || worker->attempts.size() < best->attempts.size()) best = worker.get();
  }
  return best;
}

void IsolatedPlugin::Send(IsolatedWorker& worker, const std::string& frame) {
  if (worker.closed_us != 0) return;
  worker.out.append(frame);
  if (worker.out.size() == frame.size()) Flush(worker);  // else the loop is on it
  if (worker.out.size() > kMaxUnsent) Kill(worker, "was ended: it does not read what it is sent");
}

void IsolatedPlugin::Flush(IsolatedWorker& worker) {
  size_t sent = 0;
  while (sent < worker.out.size()) {
    const ssize_t done = ::send(worker.process->socket(), worker.out.data() + sent, worker.out.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) break;  // full, or gone: then its end is seen elsewhere
    sent += static_cast<size_t>(done);
  }
  worker.out.erase(0, sent);
  const bool wants_write = !worker.out.empty();
  if (wants_write == worker.wants_write || worker.socket_key == 0) return;
  worker.wants_write = wants_write;
  loop_.Change(worker.socket_key, worker.process->socket(), wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void IsolatedPlugin::Kill(IsolatedWorker& worker, const std::string& reason) {
  if (worker.end_reason.empty()) worker.end_reason = reason;
  worker.process->Kill();
}

void IsolatedPlugin::LoseWaiting(const std::string& message, std::vector<Lost>& lost) {
  for (const auto& [attempt, frame] : waiting_) lost.push_back({attempt, message});
  waiting_.clear();
}

void IsolatedPlugin::Report(const std::vector<Lost>& lost) const {
  for (const Lost& one : lost) {
    orc_result result{};
    result.struct_size = sizeof result;
    result.outcome = ORC_FAILED_RETRYABLE;
    result.retry_after_ms = -1;
    result.error_code = Text("plugin_crashed");
    result.error_message = Text(one.message);
    host_->complete(host_->context, one.attempt, &result);
  }
}

IsolatedWorker* IsolatedPlugin::Find(uint64_t worker_id) {
  const auto it = workers_.find(worker_id);
  return it == workers_.end() ? nullptr : it->second.get();
}

void IsolatedPlugin::TellWorker(uint64_t worker_id, const std::string& frame) {
  const std::lock_guard lock(mutex_);
  if (IsolatedWorker* worker = Find(worker_id)) Send(*worker, frame);
}

}  // namespace orc
