// The heap context of one HTTP call: it owns the attempt and both callbacks, and is freed in on_done, which comes exactly once.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "orchestrator/attempt.hpp"

namespace orchestrator {
namespace detail {

struct NoChunks {
  void operator()(const Attempt&, std::string_view) const {}
};

template <class OnDone, class OnChunk>
struct HttpCallContext {
  Attempt attempt;
  const orc_host* host;
  OnDone on_done;
  OnChunk on_chunk;

  static void Done(void* context, orc_attempt id, const orc_http_response* response) {
    std::unique_ptr<HttpCallContext> self(static_cast<HttpCallContext*>(context));
    const orc_host* host = self->host;
    Guarded(host, id, [&] {
      const std::unique_ptr<HttpCallContext> call = std::move(self);  // freed inside the border: captures may throw
      call->on_done(std::move(call->attempt), HttpResponse(response));
    });
  }
  static void Chunk(void* context, orc_attempt id, orc_text piece) {
    auto* self = static_cast<HttpCallContext*>(context);
    Guarded(self->host, id, [&] { self->on_chunk(static_cast<const Attempt&>(self->attempt), View(piece)); });
  }
};

inline void AppendTo(void* context, orc_text text) { static_cast<std::string*>(context)->assign(View(text)); }

inline orc_http_request ToAbi(const HttpRequest& request, std::vector<orc_http_header>& headers) {
  headers.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) headers.push_back({Text(name), Text(value)});
  orc_http_request r{};
  r.struct_size = sizeof r;
  r.method = Text(request.method);
  r.url = Text(request.url);
  r.headers = headers.data();
  r.header_count = headers.size();
  r.body = Text(request.body);
  r.timeout_ms = request.timeout_ms;
  r.connect_timeout_ms = request.connect_timeout_ms;
  r.max_response_bytes = request.max_response_bytes;
  r.max_redirects = request.max_redirects;
  r.flags = (request.verify_tls ? 0u : unsigned{ORC_HTTP_INSECURE_TLS}) | (request.safe_to_resend ? unsigned{ORC_HTTP_SAFE_TO_RESEND} : 0u);
  r.ca_file = Text(request.ca_file);
  return r;
}

/// The request was not taken, so no callback follows: give the caller the answer here.
template <class Context>
void AnswerRefused(std::unique_ptr<Context> call, const std::string& error) {
  orc_http_response response{};
  response.struct_size = sizeof response;
  response.error_code = Text("input_invalid");
  response.error_message = Text(error);
  call->on_done(std::move(call->attempt), HttpResponse(&response));
}

}  // namespace detail

template <class OnDone, class OnChunk>
void Attempt::SendHttp(const HttpRequest& request, OnDone on_done, OnChunk on_chunk) {
  if (host_ == nullptr) return;
  using Context = detail::HttpCallContext<OnDone, OnChunk>;
  const orc_host* host = host_;
  const orc_attempt id = id_;
  std::vector<orc_http_header> headers;
  const orc_http_request r = detail::ToAbi(request, headers);
  std::unique_ptr<Context> call(new Context{std::move(*this), host, std::move(on_done), std::move(on_chunk)});
  std::string error;
  const orc_sink sink{&error, &detail::AppendTo};
  orc_http_callbacks callbacks{};
  callbacks.struct_size = sizeof callbacks;
  callbacks.context = call.get();
  callbacks.on_done = &Context::Done;
  callbacks.on_chunk = std::is_same_v<OnChunk, detail::NoChunks> ? nullptr : &Context::Chunk;
  // The other thread may answer, and free the context, before http_send has returned: let go of it first.
  Context* raw = call.release();
  if (host->http_send(host->context, id, &r, &callbacks, &sink) != 0) detail::AnswerRefused(std::unique_ptr<Context>(raw), error);
}

template <class OnDone>
void Attempt::SendHttp(const HttpRequest& request, OnDone on_done) {
  SendHttp(request, std::move(on_done), detail::NoChunks{});
}

}  // namespace orchestrator
