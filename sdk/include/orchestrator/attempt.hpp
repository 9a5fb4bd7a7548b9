// Host and Attempt: what an action talks to.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/abi.h"
#include "orchestrator/detail/unwinding.hpp"
#include "orchestrator/http.hpp"
#include "orchestrator/result.hpp"

namespace orchestrator {

/// The host. A value: copy and keep it; valid until the process ends. Any thread.
class Host {
 public:
  explicit Host(const orc_host* host) : host_(host) {}
  /// A line of the server's own log (not of a run's).
  void Log(Level level, std::string_view message) const { host_->log(host_->context, static_cast<int32_t>(level), detail::Text(message)); }
  /// Microseconds since the Unix epoch.
  int64_t NowUs() const { return host_->now_us(host_->context); }
  /// Whether that attempt was cancelled, timed out or is over.
  bool IsCancelled(orc_attempt attempt) const { return host_->is_cancelled(host_->context, attempt) != 0; }
  const orc_host* raw() const { return host_; }

 private:
  const orc_host* host_;
};

/// One try of one step: the right, and the duty, to end it. Move-only. Ending it (Complete, Succeed, Fail, FailRetryable) empties
/// it; whatever is called on an empty one does nothing. Dropping one that was not ended reports a failure `plugin_error`.
/// Any thread, one at a time.
class Attempt {
 public:
  Attempt(const orc_host* host, orc_attempt id) : host_(host), id_(id) {}
  Attempt(Attempt&& other) noexcept : host_(std::exchange(other.host_, nullptr)), id_(other.id_) {}
  Attempt& operator=(Attempt&& other) noexcept {
    if (this != &other) {
      Drop();
      host_ = std::exchange(other.host_, nullptr);
      id_ = other.id_;
    }
    return *this;
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() { Drop(); }

  explicit operator bool() const { return host_ != nullptr; }
  orc_attempt id() const { return id_; }

  /// True once it was cancelled or timed out: stop soon, and end it with Result::Cancelled().
  bool Cancelled() const { return host_ == nullptr || host_->is_cancelled(host_->context, id_) != 0; }
  /// A line of the run's log.
  void AppendLog(std::string_view text, Level level = Level::kInfo) const {
    if (host_) host_->append_run_log(host_->context, id_, static_cast<int32_t>(level), detail::Text(text));
  }
  /// 0..1, and a sentence.
  void Progress(double fraction, std::string_view message = {}) const {
    if (host_) host_->progress(host_->context, id_, fraction, detail::Text(message));
  }

  void Complete(const Result& result);
  void Succeed(std::string output_json) { Complete(Result::Success(std::move(output_json))); }
  void Fail(std::string code, std::string message) { Complete(Result::Failure(std::move(code), std::move(message))); }
  void FailRetryable(std::string code, std::string message, int64_t retry_after_ms = -1) {
    Complete(Result::RetryableFailure(std::move(code), std::move(message), retry_after_ms));
  }

  /// Sends a call that ends with the attempt (cancelling the attempt cancels it). This object is emptied; it comes back with the
  /// answer: `on_done(Attempt, const HttpResponse&)` is called exactly once, on the host's HTTP thread (on the blocking pool for an
  /// action with ORC_ACTION_BLOCKING): don't block there. A request that the host can't take at all is answered before SendHttp returns.
  /// `on_chunk(const Attempt&, std::string_view)` sees the pieces of a 2xx body as they come, on the HTTP thread.
  /// Exceptions of either end the attempt with `plugin_error`.
  template <class OnDone>
  void SendHttp(const HttpRequest& request, OnDone on_done);
  template <class OnDone, class OnChunk>
  void SendHttp(const HttpRequest& request, OnDone on_done, OnChunk on_chunk);

 private:
  void Drop() noexcept {
    if (host_ == nullptr || detail::LeaveToBorder(host_, id_)) return;
    detail::CompleteAsPluginError(std::exchange(host_, nullptr), id_, "the action dropped the attempt without a result");
  }

  const orc_host* host_;
  orc_attempt id_;
};

inline void Attempt::Complete(const Result& result) {
  if (host_ == nullptr) return;
  orc_result r{};
  r.struct_size = sizeof r;
  r.outcome = static_cast<int32_t>(result.outcome);
  r.http_code = result.http_code;
  r.retry_after_ms = result.retry_after_ms;
  r.output = detail::Text(result.output);
  r.error_code = detail::Text(result.error_code);
  r.error_message = detail::Text(result.error_message);
  r.error_detail = detail::Text(result.error_detail);
  r.response_headers = detail::Text(result.response_headers);
  const orc_host* host = std::exchange(host_, nullptr);
  host->complete(host->context, id_, &r);
}

}  // namespace orchestrator

#include "orchestrator/detail/http_call.hpp"
