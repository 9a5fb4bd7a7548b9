// The HTTP calls of attempts.
#include "base/log.h"
#include "plugin/abi_check.h"
#include "plugin/http_bridge.h"
#include "plugin/plugin_core.h"

namespace orc {

std::string PluginCore::HttpSend(uint64_t attempt, const orc_http_request* request, const orc_http_callbacks* callbacks) {
  if (callbacks == nullptr || callbacks->struct_size < sizeof(orc_http_callbacks) || callbacks->on_done == nullptr) {
    return "the callbacks are not an orc_http_callbacks of this ABI with an on_done";
  }
  auto http_call = ToCall(request, max_output_bytes_);
  if (!http_call.ok()) return http_call.error().message;

  std::shared_lock lock(gate_);
  if (closed_) return "the server is stopping";
  const auto seen = attempts_.Find(attempt);
  // The call has a mark of its own, so that its answer finds it even when it comes before Send has returned.
  const uint64_t token = seen ? attempts_.AnnounceCall(attempt) : 0;
  if (token == 0) return "the attempt is over";
  const Call call{attempt, token, *callbacks, seen->action->is_blocking};
  auto on_done = [self = shared_from_this(), call](HttpReply reply) { self->OnReply(call, std::move(reply)); };
  HttpService::OnChunk on_chunk;
  if (callbacks->on_chunk != nullptr) on_chunk = [self = shared_from_this(), call](std::string_view piece) { self->OnChunk(call, piece); };
  ++http_calls_;
  const uint64_t number = http_->Send(std::move(http_call).value(), std::move(on_done), std::move(on_chunk));
  if (!attempts_.NameCall(attempt, token, number)) http_->Cancel(number);
  return {};
}

void PluginCore::OnReply(const Call& call, HttpReply reply) {
  attempts_.ForgetCall(call.attempt, call.token);
  if (call.is_blocking) {
    auto shared = std::make_shared<HttpReply>(std::move(reply));
    if (pool_.Post([self = shared_from_this(), call, shared] { self->Deliver(call, *shared); })) return;
    return Deliver(call, *shared);
  }
  Deliver(call, reply);
}

void PluginCore::Deliver(const Call& call, HttpReply& reply) {
  const HttpAnswer answer(reply);
  try {
    call.callbacks.on_done(call.callbacks.context, call.attempt, answer.get());
  } catch (...) {
    FailAsPluginError(call.attempt, "the action let an exception out of on_done");
  }
  --http_calls_;
  NoteProgress();
}

void PluginCore::OnChunk(const Call& call, std::string_view piece) {
  try {
    call.callbacks.on_chunk(call.callbacks.context, call.attempt, Text(piece));
  } catch (...) {
    FailAsPluginError(call.attempt, "the action let an exception out of on_chunk");
  }
}

}  // namespace orc
