// Bytes in, requests out: our own gate over the head, then Beast's parser, then the body.
#pragma once

#include <optional>
#include <string_view>

#include "api/chunk_reader.h"
#include "api/head_gate.h"
#include "api/request.h"

namespace orc {

/// Reads one request from bytes as they come; works on plain buffers, knows no sockets. One thread.
class RequestParser {
 public:
  enum class State : uint8_t { kHead, kBody, kDone, kRefused };

  explicit RequestParser(const FramingLimits& limits) : limits_(limits) {}

  /// Takes what it can from the front of `bytes` and returns how much that was. What is left (of a head that is not whole) must be
  /// given again, with more behind it. Takes nothing beyond the end of the request.
  size_t Feed(std::string_view bytes);

  State state() const { return state_; }
  /// Of kRefused.
  const FramingFault& fault() const { return *fault_; }
  /// True once, when the client waits for "100 Continue" before it sends the body.
  bool TakeContinue();
  /// Of kDone; empties the parser.
  Request TakeRequest() { return std::move(request_); }

 private:
  size_t FeedHead(std::string_view bytes);
  size_t FeedBody(std::string_view bytes);
  size_t FeedChunks(std::string_view bytes);
  void Refuse(FramingFault fault);

  const FramingLimits& limits_;
  State state_ = State::kHead;
  bool wants_continue_ = false;
  size_t seen_ = 0;      // of the head
  uint64_t length_ = 0;  // of the body, unless it is chunked
  std::optional<ChunkReader> chunks_;
  std::optional<FramingFault> fault_;
  Request request_;
};

}  // namespace orc
