// What stands between plugins and the server while attempts are under way.
#pragma once

#include <orchestrator/abi.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/action_runner.h"
#include "outbound/http_service.h"
#include "plugin/attempts.h"
#include "plugin/blocking_pool.h"
#include "plugin/redaction.h"
#include "secrets/secret_source.h"

namespace orc {

/// Thread-safe. Lives as long as the process, since a plugin's own thread may call the host at any time: after Close such a call
/// touches neither the sink nor the clock nor the HTTP service, which are gone by then.
class PluginCore : public std::enable_shared_from_this<PluginCore> {
 public:
  /// `secrets` may be null.
  PluginCore(const Clock& clock, HttpService& http, int blocking_threads, size_t max_output_bytes, std::shared_ptr<SecretSource> secrets);

  void Bind(AttemptSink& sink);
  /// `own_redaction`: of what the order's input holds and `secrets` does not; may be null.
  void Start(AttemptOrder order, const LoadedAction& action, std::shared_ptr<const Redactor> own_redaction);
  void Cancel(const AttemptKey& key);
  void Report(AttemptFinished finished);
  /// A debug line of the run's log.
  void NoteOnRun(const AttemptKey& key, const std::string& action, std::string text);
  size_t InFlight() const { return attempts_.Count(); }

  // What plugins call, through host_table.
  void AppendRunLog(uint64_t attempt, int32_t level, std::string_view text);
  /// What a plugin writes into the server's own log.
  std::string Redacted(std::string text) const { return RedactionFor(nullptr).InCutText(std::move(text)); }
  bool IsCancelled(uint64_t attempt) const { return attempts_.IsCancelled(attempt); }
  int64_t NowUs() const;
  void Complete(uint64_t attempt, const orc_result* result);
  /// "" when the call was taken; on_done then comes exactly once.
  std::string HttpSend(uint64_t attempt, const orc_http_request* request, const orc_http_callbacks* callbacks);

  /// No OnFinished and no OnLog comes after it. Every attempt is told to stop; waits for their callbacks until `deadline`.
  /// False when some attempts are still in their plugin.
  bool Close(std::chrono::steady_clock::time_point deadline);
  bool HasAttemptsOf(const LoadedAction& action) const { return attempts_.HasAny(action); }

 private:
  struct Call {
    uint64_t attempt;
    uint64_t token;
    orc_http_callbacks callbacks;
    bool is_blocking;
  };
  void CallStart(uint64_t id, const AttemptOrder& order, const LoadedAction& action);
  void TellToStop(const Attempts::Cancelled& cancelled);
  void OnReply(const Call& call, HttpReply reply);
  void Deliver(const Call& call, HttpReply& reply);
  void OnChunk(const Call& call, std::string_view piece);
  void FailAsPluginError(uint64_t attempt, std::string_view message);
  void NoteProgress();
  Redaction RedactionFor(std::shared_ptr<const Redactor> own) const;

  Attempts attempts_;
  BlockingPool pool_;
  const size_t max_output_bytes_;
  const std::shared_ptr<SecretSource> secrets_;

  /// Held (shared) around every use of these three; Close takes it whole.
  mutable std::shared_mutex gate_;
  bool closed_ = false;
  const Clock* clock_;
  HttpService* http_;
  AttemptSink* sink_ = nullptr;

  std::atomic<size_t> http_calls_{0};
  std::atomic<bool> closing_{false};
  std::mutex idle_mutex_;
  std::condition_variable idle_;
};

}  // namespace orc
