#include "wire/http_messages.h"

namespace orc::wire {
namespace {

std::string_view View(orc_text text) { return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size); }
orc_text Text(std::string_view text) { return {text.data(), text.size()}; }

void WriteHeaders(FrameWriter& writer, const orc_http_header* headers, size_t count) {
  writer.U32(static_cast<uint32_t>(count));
  for (size_t i = 0; i < count; ++i) writer.Text(View(headers[i].name)).Text(View(headers[i].value));
}

std::vector<orc_http_header> ReadHeaders(FrameReader& reader) {
  std::vector<orc_http_header> headers;
  const uint32_t count = reader.U32();
  for (uint32_t i = 0; i < count && reader.ok(); ++i) {
    const orc_text name = Text(reader.Text());
    headers.push_back({name, Text(reader.Text())});
  }
  return headers;
}

}  // namespace

std::string EncodeHttpSend(uint64_t call, uint64_t attempt, const orc_http_request& r, bool wants_chunks) {
  FrameWriter writer(Kind::kHttpSend);
  writer.U64(call).U64(attempt).U8(wants_chunks).Text(View(r.method)).Text(View(r.url)).Text(View(r.body)).Text(View(r.ca_file));
  writer.I64(r.timeout_ms).I64(r.connect_timeout_ms).U64(r.max_response_bytes).I32(r.max_redirects).U32(r.flags);
  WriteHeaders(writer, r.headers, r.header_count);
  return std::move(writer).Take();
}

std::optional<HttpSend> HttpSend::Decode(std::string_view payload) {
  FrameReader reader(payload);
  std::optional<HttpSend> message(std::in_place);
  message->call = reader.U64();
  message->attempt = reader.U64();
  message->wants_chunks = reader.U8() != 0;
  orc_http_request& r = message->request;
  r.struct_size = sizeof r;
  for (orc_text* text : {&r.method, &r.url, &r.body, &r.ca_file}) *text = Text(reader.Text());
  r.timeout_ms = reader.I64();
  r.connect_timeout_ms = reader.I64();
  r.max_response_bytes = reader.U64();
  r.max_redirects = reader.I32();
  r.flags = reader.U32();
  message->headers = ReadHeaders(reader);
  r.headers = message->headers.data();
  r.header_count = message->headers.size();
  if (!reader.IsWhole()) return std::nullopt;
  return message;
}

std::string EncodeHttpChunk(uint64_t call, std::string_view piece) {
  FrameWriter writer(Kind::kHttpChunk);
  writer.U64(call).Text(piece);
  return std::move(writer).Take();
}

std::optional<HttpChunk> HttpChunk::Decode(std::string_view payload) {
  FrameReader reader(payload);
  HttpChunk chunk;
  chunk.call = reader.U64();
  chunk.piece = reader.Text();
  if (!reader.IsWhole()) return std::nullopt;
  return chunk;
}

std::string EncodeHttpDone(uint64_t call, const orc_http_response& r) {
  FrameWriter writer(Kind::kHttpDone);
  writer.U64(call).I32(r.status).Text(View(r.error_code)).Text(View(r.error_message)).Text(View(r.body)).I64(r.elapsed_us);
  WriteHeaders(writer, r.headers, r.header_count);
  return std::move(writer).Take();
}

std::optional<HttpDone> HttpDone::Decode(std::string_view payload) {
  FrameReader reader(payload);
  std::optional<HttpDone> message(std::in_place);
  message->call = reader.U64();
  orc_http_response& r = message->response;
  r.struct_size = sizeof r;
  r.status = reader.I32();
  for (orc_text* text : {&r.error_code, &r.error_message, &r.body}) *text = Text(reader.Text());
  r.elapsed_us = reader.I64();
  message->headers = ReadHeaders(reader);
  r.headers = message->headers.data();
  r.header_count = message->headers.size();
  if (!reader.IsWhole()) return std::nullopt;
  return message;
}

}  // namespace orc::wire
