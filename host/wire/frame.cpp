#include "wire/frame.h"

#include <cstring>

namespace orc::wire {
namespace {

constexpr size_t kLengthBytes = sizeof(uint32_t);

}  // namespace

FrameWriter::FrameWriter(Kind kind) {
  frame_.assign(kLengthBytes, '\0');
  frame_ += static_cast<char>(kind);
}

FrameWriter& FrameWriter::Text(std::string_view text) {
  U32(static_cast<uint32_t>(text.size()));
  frame_.append(text);
  return *this;
}

std::string FrameWriter::Take() && {
  const auto length = static_cast<uint32_t>(frame_.size() - kLengthBytes);
  std::memcpy(frame_.data(), &length, sizeof length);
  return std::move(frame_);
}

std::string_view FrameReader::Text() {
  const uint32_t size = U32();
  if (!ok_ || rest_.size() < size) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

void FrameSplitter::Append(std::string_view bytes) {
  if (at_ != 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<FrameSplitter::Frame> FrameSplitter::Next() {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (is_broken_ || rest.size() < kLengthBytes) return std::nullopt;
  uint32_t length = 0;
  std::memcpy(&length, rest.data(), sizeof length);
  if (length == 0 || length > kMaxFrameBytes) {
    is_broken_ = true;
    return std::nullopt;
  }
  if (rest.size() - kLengthBytes < length) return std::nullopt;
  at_ += kLengthBytes + length;
  return Frame{static_cast<Kind>(rest[kLengthBytes]), rest.substr(kLengthBytes + 1, length - 1)};
}

}  // namespace orc::wire
