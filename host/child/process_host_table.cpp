// The functions that the plugin calls.
#include <chrono>

#include "child/process_host.h"
#include "plugin/abi_check.h"
#include "wire/http_messages.h"

namespace orc {
namespace {

constexpr size_t kMostText = 64u << 20;  // of one text; the server's own limits are below it

bool IsTooLong(const orc_result& result) {
  for (const orc_text text : {result.output, result.error_message, result.error_detail, result.response_headers}) {
    if (text.size > kMostText) return true;
  }
  return false;
}

orc_result PluginError(std::string_view code, std::string_view message) {
  orc_result result{};
  result.struct_size = sizeof result;
  result.outcome = ORC_FAILED;
  result.retry_after_ms = -1;
  result.error_code = Text(code);
  result.error_message = Text(message);
  return result;
}

/// Nothing is thrown into a plugin: what does not fit into memory is not told.
template <typename Body>
void Quietly(Body body) noexcept {
  try {
    body();
  } catch (const std::exception&) {  // NOLINT: there is nobody left to tell
  }
}

}  // namespace

void ProcessHost::Log(void* context, int32_t level, orc_text message) {
  Quietly([&] { From(context).channel_.Send(wire::EncodeLine(wire::Kind::kLog, 0, level, View(message).substr(0, kMostText))); });
}

void ProcessHost::AppendRunLog(void* context, orc_attempt attempt, int32_t level, orc_text text) {
  Quietly([&] { From(context).channel_.Send(wire::EncodeLine(wire::Kind::kRunLog, attempt, level, View(text).substr(0, kMostText))); });
}

void ProcessHost::Progress(void* context, orc_attempt attempt, double fraction, orc_text message) {
  Quietly(
      [&] { From(context).channel_.Send(wire::EncodeLine(wire::Kind::kProgress, attempt, fraction, View(message).substr(0, kMostText))); });
}

int32_t ProcessHost::IsCancelled(void* context, orc_attempt attempt) {
  ProcessHost& self = From(context);
  const std::lock_guard lock(self.mutex_);
  const auto it = self.live_.find(attempt);
  return it == self.live_.end() || it->second.is_cancelled ? 1 : 0;
}

int64_t ProcessHost::NowUs(void*) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void ProcessHost::Complete(void* context, orc_attempt attempt, const orc_result* result) {
  ProcessHost& self = From(context);
  {
    const std::lock_guard lock(self.mutex_);
    if (self.live_.erase(attempt) == 0) return;  // a second, late or unknown one
  }
  orc_result told = result != nullptr && result->struct_size >= sizeof(orc_result)
                        ? *result
                        : PluginError("plugin_error", "the action completed with a result that is not an orc_result of this ABI");
  if (IsTooLong(told)) told = PluginError("output_too_large", "the result is longer than 64 MiB");
  Quietly([&] { self.channel_.Send(wire::EncodeComplete(attempt, told)); });
}

int32_t ProcessHost::HttpSend(void* context, orc_attempt attempt, const orc_http_request* request, const orc_http_callbacks* callbacks,
                              const orc_sink* error) {
  ProcessHost& self = From(context);
  std::string_view fault;
  if (callbacks == nullptr || callbacks->struct_size < sizeof(orc_http_callbacks) || callbacks->on_done == nullptr) {
    fault = "the callbacks are not an orc_http_callbacks of this ABI with an on_done";
  } else if (request == nullptr || request->struct_size < sizeof(orc_http_request) ||
             (request->headers == nullptr && request->header_count != 0)) {
    fault = "the request is not an orc_http_request of this ABI";
  } else if (request->body.size > kMostText) {
    fault = "the body is longer than 64 MiB";
  }
  uint64_t call = 0;
  if (fault.empty()) {
    const std::lock_guard lock(self.mutex_);
    const auto it = self.live_.find(attempt);
    if (it == self.live_.end()) {
      fault = "the attempt is over";
    } else {
      call = ++self.last_call_;
      self.calls_[call] = {attempt, *callbacks, self.IsBlocking(it->second.action)};
    }
  }
  if (!fault.empty()) {
    if (error != nullptr && error->write != nullptr) error->write(error->context, Text(fault));
    return -1;
  }
  Quietly([&] { self.channel_.Send(wire::EncodeHttpSend(call, attempt, *request, callbacks->on_chunk != nullptr)); });
  return 0;
}

bool ProcessHost::OnHttpChunk(std::string_view payload) {
  const auto chunk = wire::HttpChunk::Decode(payload);
  if (!chunk) return false;
  HttpCall call;
  {
    const std::lock_guard lock(mutex_);
    const auto it = calls_.find(chunk->call);
    if (it == calls_.end() || it->second.callbacks.on_chunk == nullptr) return true;
    call = it->second;
  }
  try {
    call.callbacks.on_chunk(call.callbacks.context, call.attempt, Text(chunk->piece));
  } catch (...) {
    FailAsPluginError(call.attempt, "the action let an exception out of on_chunk");
  }
  return true;
}

bool ProcessHost::OnHttpDone(std::string_view payload) {
  auto kept = std::make_shared<std::string>(payload);  // the pool may need it later
  const auto done = wire::HttpDone::Decode(*kept);
  if (!done) return false;
  HttpCall call;
  {
    const std::lock_guard lock(mutex_);
    const auto it = calls_.find(done->call);
    if (it == calls_.end()) return true;
    call = it->second;
    calls_.erase(it);
  }
  const auto deliver = [this, call, kept] {
    const auto message = wire::HttpDone::Decode(*kept);
    try {
      call.callbacks.on_done(call.callbacks.context, call.attempt, &message->response);
    } catch (...) {
      FailAsPluginError(call.attempt, "the action let an exception out of on_done");
    }
  };
  if (call.is_blocking) return pool_.Post(deliver);
  deliver();
  return true;
}

}  // namespace orc
