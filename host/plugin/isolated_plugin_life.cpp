// The processes of an isolated plugin: started, watched, ended. On the loop's thread.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/log.h"
#include "plugin/isolated_plugin.h"

namespace orc {
namespace {

constexpr int64_t kFirstDelayUs = 10'000;
constexpr int64_t kPingEveryUs = 5'000'000;
constexpr int64_t kClosedGraceUs = 500'000;  // a crash closes the socket before its end is seen
constexpr int64_t kStartLimitUs = 15'000'000;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr int kReadsPerTurn = 16;  // then the other plugins have theirs

}  // namespace

int64_t IsolatedPlugin::OnTime(int64_t now_us) {
  bool spawns = false;
  {
    const std::lock_guard lock(mutex_);
    spawns = MayStartWorker(now_us) && now_us >= next_start_us_;
  }
  if (spawns) SpawnWorker(now_us);
  const std::lock_guard lock(mutex_);
  int64_t next_us = MayStartWorker(now_us) ? next_start_us_ : kNever;
  for (auto& [id, worker] : workers_) {
    Watchdog(*worker, now_us);
    next_us = std::min(next_us, DueOf(*worker));
    const bool may_become_suspect = wants_worker_ && worker->cancelled != 0 && !worker->is_suspect(now_us);
    if (may_become_suspect) next_us = std::min(next_us, worker->cancelled_since_us + IsolatedWorker::kSuspectAfterUs);
  }
  return next_us;
}

/// A process that may soon be ended does not count: its place is taken by another. Not for ever, though.
bool IsolatedPlugin::MayStartWorker(int64_t now_us) const {
  const auto limit = static_cast<size_t>(options_.settings.processes);
  if (!wants_worker_ || is_over_ || workers_.size() >= 2 * limit) return false;
  const auto good = std::count_if(workers_.begin(), workers_.end(), [&](const auto& worker) { return !worker.second->is_suspect(now_us); });
  return static_cast<size_t>(good) < limit;
}

void IsolatedPlugin::SpawnWorker(int64_t now_us) {
  auto spawned = ChildProcess::Spawn(options_.program, options_.file);
  std::vector<Lost> lost;
  {
    const std::lock_guard lock(mutex_);
    wants_worker_ = false;
    if (!spawned.ok()) {
      failure_ = {options_.file, "isolation", spawned.error().message};
      last_end_ = "could not be started: " + spawned.error().message;
      next_start_us_ = now_us + options_.settings.restart_delay_ms * 1000;
      LoseWaiting("the process of the plugin \"" + options_.name + "\" " + last_end_, lost);
      changed_.notify_all();
    } else {
      auto worker = std::make_unique<IsolatedWorker>();
      worker->id = ++last_worker_;
      worker->process = std::move(spawned).value();
      worker->started_us = worker->heard_us = now_us;
      const auto weak = weak_from_this();
      const uint64_t id = worker->id;
      worker->socket_key = loop_.Watch(worker->process->socket(), EPOLLIN, [weak, id](uint32_t events) {
        if (const auto self = weak.lock()) self->OnSocket(id, events);
      });
      worker->end_key = loop_.Watch(worker->process->end_descriptor(), EPOLLIN, [weak, id](uint32_t) {
        if (const auto self = weak.lock()) self->OnEnd(id);
      });
      const ProcessLimits& limits = options_.settings.limits;
      const wire::Hello hello{options_.file,
                              limits.memory_bytes,
                              limits.open_files,
                              limits.cpu_ms,
                              limits.may_use_network,
                              limits.may_run_programs,
                              static_cast<uint32_t>(options_.blocking_threads)};
      IsolatedWorker& started = *worker;
      workers_.emplace(id, std::move(worker));
      Send(started, hello.Encode());
    }
  }
  Report(lost);
}

int64_t IsolatedPlugin::DueOf(const IsolatedWorker& worker) const {
  if (!worker.end_reason.empty()) return kNever;
  if (worker.closed_us != 0) return worker.closed_us + kClosedGraceUs;
  if (!worker.is_ready()) return worker.started_us + kStartLimitUs;
  int64_t due_us = kNever;
  if (!worker.attempts.empty()) due_us = worker.pinged_us != 0 ? worker.heard_us + options_.stall_us : worker.heard_us + kPingEveryUs;
  if (worker.next_kill_us != 0) due_us = std::min(due_us, worker.next_kill_us);
  return due_us;
}

/// The one that was to stop first may have done so meanwhile: then the next counts.
void IsolatedPlugin::KillOrLookLater(IsolatedWorker& worker, int64_t now_us) {
  worker.next_kill_us = 0;
  for (const auto& [attempt, state] : worker.attempts) {
    if (state.kill_at_us == 0) continue;
    if (now_us >= state.kill_at_us) {
      return Kill(worker, "was ended: an attempt that was cancelled did not stop within " +
                              std::to_string(options_.settings.stop_grace_ms) + " ms");
    }
    if (worker.next_kill_us == 0 || state.kill_at_us < worker.next_kill_us) worker.next_kill_us = state.kill_at_us;
  }
}

void IsolatedPlugin::Watchdog(IsolatedWorker& worker, int64_t now_us) {
  if (now_us < DueOf(worker)) return;
  if (worker.closed_us != 0)
    return Kill(worker, is_over_ ? "was ended with the server" : "was ended: it closed its connection to the server");
  if (!worker.is_ready()) return Kill(worker, "was ended: it was not ready within 15 s");
  if (worker.next_kill_us != 0 && now_us >= worker.next_kill_us) return KillOrLookLater(worker, now_us);
  if (worker.pinged_us != 0) {
    return Kill(worker, "was ended: it answered nothing for " + std::to_string(options_.stall_us / 1'000'000) + " s");
  }
  worker.pinged_us = now_us;
  Send(worker, wire::EncodeNumber(wire::Kind::kPing, worker.id));
}

void IsolatedPlugin::OnSocket(uint64_t worker_id, uint32_t events) {
  IsolatedWorker* worker = nullptr;
  {
    const std::lock_guard lock(mutex_);
    worker = Find(worker_id);
    if (worker == nullptr) return;
    if ((events & EPOLLOUT) != 0) Flush(*worker);
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || ReadFrom(*worker)) return;
  const std::lock_guard lock(mutex_);
  loop_.Forget(worker->socket_key, worker->process->socket());
  worker->socket_key = 0;
  if (worker->closed_us == 0) worker->closed_us = IsolationLoop::NowUs();
}

/// False at the end of the stream.
bool IsolatedPlugin::ReadFrom(IsolatedWorker& worker) {
  static thread_local std::array<char, 65536> buffer;
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const ssize_t got = ::recv(worker.process->socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    worker.in.Append({buffer.data(), static_cast<size_t>(got)});
    while (const auto frame = worker.in.Next()) Handle(worker, *frame);
    if (worker.in.is_broken()) {
      const std::lock_guard lock(mutex_);
      Kill(worker, "was ended: it sent what is no message");
      return false;
    }
    if (static_cast<size_t>(got) < buffer.size()) return true;
  }
  return true;
}

void IsolatedPlugin::OnEnd(uint64_t worker_id) {
  IsolatedWorker* worker = nullptr;
  {
    const std::lock_guard lock(mutex_);
    worker = Find(worker_id);
  }
  if (worker == nullptr) return;
  // What it said before its end counts.
  for (char probe = 0; ::recv(worker->process->socket(), &probe, 1, MSG_DONTWAIT | MSG_PEEK) > 0;) {
    if (!ReadFrom(*worker)) break;
  }
  const std::string end = worker->process->WaitForEnd();
  std::vector<Lost> lost;
  std::shared_ptr<IsolatedPlugin> last;  // let go of outside of the lock
  {
    const std::lock_guard lock(mutex_);
    if (worker->socket_key != 0) loop_.Forget(worker->socket_key, worker->process->socket());
    loop_.Forget(worker->end_key, worker->process->end_descriptor());
    last_end_ = worker->end_reason.empty() ? end : worker->end_reason;
    const std::string message = "the process of the plugin \"" + options_.name + "\" " + last_end_;
    for (const auto& [attempt, state] : worker->attempts) {
      lost.push_back({attempt, message});
      at_.erase(attempt);
    }
    const bool was_ready = worker->is_described && worker->creations == 0;
    workers_.erase(worker_id);
    if (!is_over_) {
      failures_in_row_ = std::min(failures_in_row_ + 1, 30);
      const int64_t delay_us = std::min(kFirstDelayUs << (failures_in_row_ - 1), options_.settings.restart_delay_ms * 1000);
      next_start_us_ = IsolationLoop::NowUs() + delay_us;
    }
    if (!was_ready) {
      if (failure_.check.empty()) failure_ = {options_.file, "isolation", "its process " + last_end_};
      for (auto& [action, answer] : creations_) {
        if (!answer.is_there) answer = {true, 0, "its process " + last_end_};
      }
      LoseWaiting(message + " before it was ready", lost);
    }
    Pump();
    changed_.notify_all();
    if (workers_.empty()) last = std::move(itself_);
  }
  if (!lost.empty())
    LogWarn("a plugin's process ended", {{"plugin", options_.name}, {"how", lost.front().message}, {"attempts", lost.size()}});
  Report(lost);
}

}  // namespace orc
