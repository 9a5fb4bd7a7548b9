// HTTP calls of a plugin's process, and their answers.
#pragma once

#include <orchestrator/abi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame.h"

namespace orc::wire {

std::string EncodeHttpSend(uint64_t call, uint64_t attempt, const orc_http_request& request, bool wants_chunks);
struct HttpSend {
  uint64_t call = 0;  // the process's own number
  uint64_t attempt = 0;
  bool wants_chunks = false;
  orc_http_request request{};  // into the payload; its headers are those below
  std::vector<orc_http_header> headers;
  static std::optional<HttpSend> Decode(std::string_view payload);
};

std::string EncodeHttpChunk(uint64_t call, std::string_view piece);
struct HttpChunk {
  uint64_t call = 0;
  std::string_view piece;
  static std::optional<HttpChunk> Decode(std::string_view payload);
};

std::string EncodeHttpDone(uint64_t call, const orc_http_response& response);
struct HttpDone {
  uint64_t call = 0;
  orc_http_response response{};
  std::vector<orc_http_header> headers;
  static std::optional<HttpDone> Decode(std::string_view payload);
};

}  // namespace orc::wire
