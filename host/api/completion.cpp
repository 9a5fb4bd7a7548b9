#include "api/completion.h"

#include "api/problem.h"
#include "api/sse_format.h"
#include "base/log.h"

namespace orc {

Completion::Completion(Request request, uint64_t token, uint32_t serial, std::shared_ptr<Mailbox> mailbox, bool keep_alive)
    : request_(std::move(request)), token_(token), serial_(serial), mailbox_(std::move(mailbox)), keep_alive_(keep_alive) {}

Completion::~Completion() {
  if (is_answered()) return;
  LogError("a request was never answered", {{"path", request_.path()}});
  Fail({ErrorCode::kInternal, "the request was lost inside the server"});
}

void Completion::Send(const Response& response) {
  if (is_answered_.exchange(true, std::memory_order_acq_rel)) return;
  const bool head_only = request_.method == Method::kHead;
  mailbox_->Post(AnswerMail{token_, Serialize(response, keep_alive_, head_only), keep_alive_});
}

void Completion::Fail(const Error& error) { Send(ProblemOf(error, request_.path())); }

bool Completion::StartStream(SseStreamPtr stream) {
  if (is_answered_.exchange(true, std::memory_order_acq_rel)) return false;
  std::string head = SerializeStreamHead();
  if (stream) head += SseGreeting();
  mailbox_->Post(StreamMail{token_, std::move(head), std::move(stream)});
  return true;
}

void Completion::Park(int64_t deadline_us, std::function<void()> on_end) {
  if (!is_answered()) return mailbox_->Post(ParkMail{token_, serial_, deadline_us, std::move(on_end)});
  if (on_end) on_end();
}

}  // namespace orc
