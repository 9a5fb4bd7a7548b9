// The bodies of FakeHost: part of fake_host.hpp.
#pragma once

#include "orchestrator/testing/fake_host.hpp"

namespace orchestrator::testing {

namespace detail_of_host {
inline std::string Copy(orc_text text) { return std::string(orchestrator::detail::View(text)); }

inline Result ToResult(const orc_result& r) {
  Result result;
  result.outcome = static_cast<Outcome>(r.outcome);
  result.http_code = r.http_code;
  result.retry_after_ms = r.retry_after_ms;
  result.output = Copy(r.output);
  result.error_code = Copy(r.error_code);
  result.error_message = Copy(r.error_message);
  result.error_detail = Copy(r.error_detail);
  result.response_headers = Copy(r.response_headers);
  return result;
}
}  // namespace detail_of_host

inline FakeHost::FakeHost() {
  table_.struct_size = sizeof table_;
  table_.abi_major = ORC_ABI_MAJOR;
  table_.abi_minor = ORC_ABI_MINOR;
  table_.context = this;
  table_.log = &Log;
  table_.append_run_log = &AppendRunLog;
  table_.progress = &ReportProgress;
  table_.is_cancelled = &IsCancelled;
  table_.now_us = &NowUs;
  table_.complete = &Complete;
  table_.http_send = &HttpSend;
}

inline orc_attempt FakeHost::Begin() {
  const std::lock_guard<std::mutex> lock(mutex_);
  attempts_[++last_id_];
  return last_id_;
}

inline void FakeHost::MarkCancelled(orc_attempt id) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto it = attempts_.find(id);
    if (it != attempts_.end()) it->second.cancelled = true;
  }
  http_.CancelCallsOf(id);
}

inline Result FakeHost::WaitEnd(orc_attempt id, std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto ended = [&] {
    const Attempt* attempt = Find(id);
    return attempt != nullptr && attempt->ends > 0;
  };
  if (!changed_.wait_for(lock, limit, ended)) {
    throw std::runtime_error("the attempt did not end within " + std::to_string(limit.count()) + " ms");
  }
  return Find(id)->result;
}

inline int FakeHost::Ends(orc_attempt id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Attempt* attempt = Find(id);
  return attempt == nullptr ? 0 : attempt->ends;
}

inline int FakeHost::UnknownEnds() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return unknown_ends_;
}

inline std::string FakeHost::ResultFault() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return result_fault_;
}

inline std::vector<LogLine> FakeHost::RunLog(orc_attempt id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Attempt* attempt = Find(id);
  return attempt == nullptr ? std::vector<LogLine>() : attempt->log;
}

inline std::vector<ProgressLine> FakeHost::Progress(orc_attempt id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Attempt* attempt = Find(id);
  return attempt == nullptr ? std::vector<ProgressLine>() : attempt->progress;
}

inline std::vector<LogLine> FakeHost::ServerLog() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return log_;
}

inline void FakeHost::SetNowUs(int64_t now_us) {
  const std::lock_guard<std::mutex> lock(mutex_);
  now_us_ = now_us;
}

inline void FakeHost::Log(void* context, int32_t level, orc_text message) {
  FakeHost& self = From(context);
  const std::lock_guard<std::mutex> lock(self.mutex_);
  self.log_.push_back({static_cast<Level>(level), detail_of_host::Copy(message)});
}

inline void FakeHost::AppendRunLog(void* context, orc_attempt id, int32_t level, orc_text text) {
  FakeHost& self = From(context);
  const std::lock_guard<std::mutex> lock(self.mutex_);
  const auto it = self.attempts_.find(id);
  if (it != self.attempts_.end()) it->second.log.push_back({static_cast<Level>(level), detail_of_host::Copy(text)});
}

inline void FakeHost::ReportProgress(void* context, orc_attempt id, double fraction, orc_text message) {
  FakeHost& self = From(context);
  const std::lock_guard<std::mutex> lock(self.mutex_);
  const auto it = self.attempts_.find(id);
  if (it != self.attempts_.end()) it->second.progress.push_back({fraction, detail_of_host::Copy(message)});
}

inline int32_t FakeHost::IsCancelled(void* context, orc_attempt id) {
  FakeHost& self = From(context);
  const std::lock_guard<std::mutex> lock(self.mutex_);
  const Attempt* attempt = self.Find(id);
  return attempt == nullptr || attempt->cancelled || attempt->ends > 0 ? 1 : 0;
}

inline int64_t FakeHost::NowUs(void* context) {
  FakeHost& self = From(context);
  const std::lock_guard<std::mutex> lock(self.mutex_);
  if (self.now_us_ != 0) return self.now_us_;
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

inline void FakeHost::Complete(void* context, orc_attempt id, const orc_result* result) {
  FakeHost& self = From(context);
  {
    const std::lock_guard<std::mutex> lock(self.mutex_);
    const auto it = self.attempts_.find(id);
    if (it == self.attempts_.end()) {
      ++self.unknown_ends_;
      return;
    }
    const bool is_first = it->second.ends++ == 0;
    if (result == nullptr || result->struct_size < sizeof(orc_result)) {
      self.result_fault_ = "the result is not an orc_result of this ABI";
    } else if (result->outcome < ORC_SUCCEEDED || result->outcome > ORC_CANCELLED) {
      self.result_fault_ = "the outcome is " + std::to_string(result->outcome) + "; expected 0 to 3";
    } else if (is_first) {
      it->second.result = detail_of_host::ToResult(*result);
    }
  }
  self.http_.CancelCallsOf(id);
  self.changed_.notify_all();
}

inline int32_t FakeHost::HttpSend(void* context, orc_attempt id, const orc_http_request* request, const orc_http_callbacks* callbacks,
                                  const orc_sink* error) {
  FakeHost& self = From(context);
  std::string fault;
  if (request == nullptr || request->struct_size < sizeof(orc_http_request)) fault = "the request is not an orc_http_request of this ABI";
  if (callbacks == nullptr || callbacks->struct_size < sizeof(orc_http_callbacks) || callbacks->on_done == nullptr) {
    fault = "the callbacks are not an orc_http_callbacks of this ABI with an on_done";
  }
  if (fault.empty() && IsCancelled(context, id) != 0) fault = "the attempt is over";
  if (fault.empty()) {
    self.http_.Send(id, *request, *callbacks);
    return 0;
  }
  if (error != nullptr && error->write != nullptr) error->write(error->context, orchestrator::detail::Text(fault));
  return -1;
}

}  // namespace orchestrator::testing
