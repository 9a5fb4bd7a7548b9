#include "api/framing.h"

#include <algorithm>
#include <utility>

#include "api/beast_head.h"

namespace orc {

size_t RequestParser::Feed(std::string_view bytes) {
  size_t taken = 0;
  if (state_ == State::kHead) taken = FeedHead(bytes);
  if (state_ == State::kBody) taken += chunks_ ? FeedChunks(bytes.substr(taken)) : FeedBody(bytes.substr(taken));
  return taken;
}

size_t RequestParser::FeedHead(std::string_view bytes) {
  HeadScan scan = ScanHead(bytes, seen_, limits_);
  if (scan.fault) return Refuse(std::move(*scan.fault)), 0;
  seen_ = scan.seen;
  if (scan.head_size == 0) return 0;
  HeadFacts facts;
  request_.head.assign(bytes.substr(0, scan.head_size));
  if (auto fault = CheckHead(request_.head, limits_, facts)) return Refuse(std::move(*fault)), 0;
  if (const std::string wrong = ParseHead(request_); !wrong.empty())
    return Refuse({400, "the head of the request is malformed: " + wrong}), 0;
  length_ = facts.content_length.value_or(0);
  if (facts.chunked) chunks_.emplace(limits_.max_body_bytes);
  state_ = facts.chunked || length_ > 0 ? State::kBody : State::kDone;
  wants_continue_ = facts.expects_continue && state_ == State::kBody && bytes.size() == scan.head_size;
  return scan.head_size;
}

// The memory follows what has come, not what was announced: thousands of announcements cost nothing.
size_t RequestParser::FeedBody(std::string_view bytes) {
  const size_t taken = static_cast<size_t>(std::min<uint64_t>(bytes.size(), length_ - request_.body.size()));
  request_.body.append(bytes.substr(0, taken));
  if (request_.body.size() == length_) state_ = State::kDone;
  return taken;
}

size_t RequestParser::FeedChunks(std::string_view bytes) {
  size_t taken = 0;
  switch (chunks_->Feed(bytes, request_.body, taken)) {
    case ChunkReader::Outcome::kNeedMore:
      break;
    case ChunkReader::Outcome::kDone:
      state_ = State::kDone;
      break;
    case ChunkReader::Outcome::kMalformed:
      Refuse({400, chunks_->fault()});
      break;
    case ChunkReader::Outcome::kTooLarge:
      Refuse({413, "the body may have at most " + std::to_string(limits_.max_body_bytes) + " bytes"});
      break;
  }
  return taken;
}

void RequestParser::Refuse(FramingFault fault) {
  fault_ = std::move(fault);
  state_ = State::kRefused;
}

bool RequestParser::TakeContinue() { return std::exchange(wants_continue_, false); }

}  // namespace orc
