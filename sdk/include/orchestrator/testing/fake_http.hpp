// The HTTP service of the fake host: one thread that answers from a function of the test's. See fake_host.hpp.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "orchestrator/abi.h"
#include "orchestrator/http.hpp"

namespace orchestrator::testing {

/// The answer to one call.
struct Reply {
  int32_t status = 200;
  std::string body = "{}";
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  std::vector<std::string> chunks = {};                           // pieces of the body, told before it; the body is then their sum
  std::string error_code = {};                                    // "timeout", "network", ...: no answer came
  std::string error_message = {};
  bool never = false;  // silent until the attempt ends or is cancelled
};

/// Thread-safe.
class FakeHttp {
 public:
  using Responder = std::function<Reply(const HttpRequest&)>;

  FakeHttp() : thread_([this] { Work(); }) {}
  FakeHttp(const FakeHttp&) = delete;
  FakeHttp& operator=(const FakeHttp&) = delete;
  ~FakeHttp() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void Answer(Responder responder) {
    const std::lock_guard<std::mutex> lock(mutex_);
    responder_ = std::move(responder);
  }
  std::vector<HttpRequest> Calls() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }
  void Send(orc_attempt attempt, const orc_http_request& request, const orc_http_callbacks& callbacks);
  void CancelCallsOf(orc_attempt attempt);

 private:
  struct Call {
    orc_attempt attempt;
    HttpRequest request;
    orc_http_callbacks callbacks;
    bool is_cancelled = false;
    bool is_silent = false;
  };
  void Work();
  void Carry(Call call, const Responder& responder);
  static void Tell(const Call& call, const Reply& reply);
  static Reply Cancelled() {
    Reply reply;
    reply.error_code = "cancelled";
    reply.error_message = "the attempt was cancelled or is over";
    return reply;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Call> calls_;
  std::vector<HttpRequest> requests_;
  Responder responder_;
  bool stopped_ = false;
  std::thread thread_;  // last: it uses all of the above
};

inline void FakeHttp::Send(orc_attempt attempt, const orc_http_request& r, const orc_http_callbacks& callbacks) {
  using orchestrator::detail::View;
  HttpRequest request;
  request.method = View(r.method);
  request.url = View(r.url);
  request.body = View(r.body);
  for (size_t i = 0; i < r.header_count; ++i) request.headers.emplace_back(View(r.headers[i].name), View(r.headers[i].value));
  request.timeout_ms = r.timeout_ms;
  request.connect_timeout_ms = r.connect_timeout_ms;
  request.max_response_bytes = r.max_response_bytes;
  request.max_redirects = r.max_redirects;
  request.verify_tls = (r.flags & ORC_HTTP_INSECURE_TLS) == 0;
  request.safe_to_resend = (r.flags & ORC_HTTP_SAFE_TO_RESEND) != 0;
  request.ca_file = View(r.ca_file);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request);
    calls_.push_back({attempt, std::move(request), callbacks});
  }
  changed_.notify_all();
}

inline void FakeHttp::CancelCallsOf(orc_attempt attempt) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (Call& call : calls_) call.is_cancelled = call.is_cancelled || call.attempt == attempt;
  }
  changed_.notify_all();
}

inline void FakeHttp::Work() {
  const auto is_ready = [](const Call& call) { return call.is_cancelled || !call.is_silent; };
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    const auto it = stopped_ ? calls_.begin() : std::find_if(calls_.begin(), calls_.end(), is_ready);
    if (it == calls_.end()) {
      if (stopped_) return;
      changed_.wait(lock);
      continue;
    }
    Call call = std::move(*it);
    calls_.erase(it);
    call.is_cancelled = call.is_cancelled || stopped_;
    const Responder responder = responder_;
    lock.unlock();
    Carry(std::move(call), responder);
    lock.lock();
  }
}

inline void FakeHttp::Carry(Call call, const Responder& responder) {
  if (call.is_cancelled) return Tell(call, Cancelled());
  const Reply reply = responder ? responder(call.request) : Reply();
  if (!reply.never) return Tell(call, reply);
  const std::lock_guard<std::mutex> lock(mutex_);
  call.is_silent = true;
  calls_.push_back(std::move(call));
}

inline void FakeHttp::Tell(const Call& call, const Reply& reply) {
  using orchestrator::detail::Text;
  std::string body = reply.chunks.empty() ? reply.body : std::string();
  for (const std::string& chunk : reply.chunks) {
    if (call.callbacks.on_chunk != nullptr) call.callbacks.on_chunk(call.callbacks.context, call.attempt, Text(chunk));
    body += chunk;
  }
  std::vector<orc_http_header> headers;
  for (const auto& [name, value] : reply.headers) headers.push_back({Text(name), Text(value)});
  orc_http_response response{};
  response.struct_size = sizeof response;
  response.error_code = Text(reply.error_code);
  response.error_message = Text(reply.error_message);
  if (reply.error_code.empty()) {
    response.status = reply.status;
    response.headers = headers.data();
    response.header_count = headers.size();
    response.body = Text(body);
  }
  response.elapsed_us = 1;
  call.callbacks.on_done(call.callbacks.context, call.attempt, &response);
}

}  // namespace orchestrator::testing
