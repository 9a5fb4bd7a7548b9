// One request and the one answer that it gets.
#pragma once

#include <atomic>
#include <memory>

#include "api/mailbox.h"
#include "api/request.h"
#include "api/response.h"
#include "base/result.h"

namespace orc {

/// Made by the reactor for each whole request. Send and Fail may be called from any thread; the first call counts, later ones do
/// nothing, and when the client is gone nothing happens at all. If nobody ever answers, the last one to let go answers 500.
class Completion {
 public:
  /// `token` names the connection, `serial` the request on it.
  Completion(Request request, uint64_t token, uint32_t serial, std::shared_ptr<Mailbox> mailbox, bool keep_alive);
  ~Completion();
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  /// `body` is readable only while the handler runs; head and fields as long as this object.
  const Request& request() const { return request_; }
  void DropBody() { request_.body = {}; }

  void Send(const Response& response);
  void Fail(const Error& error);
  /// The connection becomes an event stream; null for a HEAD. False: it is answered already, or gone.
  bool StartStream(SseStreamPtr stream);
  /// To be called once, on a worker, by whoever did not answer at once. `on_end` is run on a worker when the time is up, the client
  /// is gone, the server stops, or the answer was there already; not at all when it is sent in time.
  void Park(int64_t deadline_us, std::function<void()> on_end);

  bool is_answered() const { return is_answered_.load(std::memory_order_acquire); }
  /// The reactor's: the client hung up.
  void MarkGone() { is_answered_.store(true, std::memory_order_release); }
  uint64_t token() const { return token_; }

 private:
  Request request_;
  const uint64_t token_;
  const uint32_t serial_;
  const std::shared_ptr<Mailbox> mailbox_;
  const bool keep_alive_;
  std::atomic<bool> is_answered_{false};
};
using CompletionPtr = std::shared_ptr<Completion>;

}  // namespace orc
