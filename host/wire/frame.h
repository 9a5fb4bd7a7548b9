// Frames between the server and a plugin's process: a length, a kind, a payload. Read as if the other side were hostile: a plugin may write
// anything into its socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc::wire {

enum class Kind : uint8_t {
  // server → process
  kHello = 1,
  kCreate,
  kStart,
  kCancel,
  kHttpChunk,
  kHttpDone,
  kCheckHealth,
  kPing,
  kShutdown,
  // process → server
  kDescribed = 64,
  kFault,
  kCreated,
  kComplete,
  kLog,
  kRunLog,
  kProgress,
  kHttpSend,
  kHealth,
  kPong,
};

constexpr int kExitLostConnection = 114;      // of a plugin's process whose socket to the server ended while it served
constexpr size_t kMaxFrameBytes = 96u << 20;  // above the largest input, output and HTTP body

/// Little-endian numbers; texts with their length.
class FrameWriter {
 public:
  explicit FrameWriter(Kind kind);
  FrameWriter& U8(uint8_t value) { return Raw(&value, sizeof value); }
  FrameWriter& U32(uint32_t value) { return Raw(&value, sizeof value); }
  FrameWriter& I32(int32_t value) { return Raw(&value, sizeof value); }
  FrameWriter& U64(uint64_t value) { return Raw(&value, sizeof value); }
  FrameWriter& I64(int64_t value) { return Raw(&value, sizeof value); }
  FrameWriter& F64(double value) { return Raw(&value, sizeof value); }
  FrameWriter& Text(std::string_view text);
  /// The whole frame, with its length.
  std::string Take() &&;

 private:
  FrameWriter& Raw(const void* bytes, size_t size) {
    frame_.append(static_cast<const char*>(bytes), size);
    return *this;
  }
  std::string frame_;
};

/// Reads a payload. What is missing reads as 0 or "", and `ok` becomes false for good.
class FrameReader {
 public:
  explicit FrameReader(std::string_view payload) : rest_(payload) {}
  uint8_t U8() { return Raw<uint8_t>(); }
  uint32_t U32() { return Raw<uint32_t>(); }
  int32_t I32() { return Raw<int32_t>(); }
  uint64_t U64() { return Raw<uint64_t>(); }
  int64_t I64() { return Raw<int64_t>(); }
  double F64() { return Raw<double>(); }
  /// Borrowed from the payload.
  std::string_view Text();
  bool ok() const { return ok_; }
  /// Everything was there, and nothing more.
  bool IsWhole() const { return ok_ && rest_.empty(); }
  size_t left() const { return rest_.size(); }

 private:
  template <typename T>
  T Raw() {
    T value{};
    if (rest_.size() < sizeof value) {
      ok_ = false;
      rest_ = {};
      return value;
    }
    __builtin_memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view rest_;
  bool ok_ = true;
};

/// Cuts a stream of bytes into frames.
class FrameSplitter {
 public:
  struct Frame {
    Kind kind;
    std::string_view payload;  // valid until the next Append
  };
  void Append(std::string_view bytes);
  /// The next whole frame, if there is one.
  std::optional<Frame> Next();
  /// A length that no frame has: nothing after it means anything.
  bool is_broken() const { return is_broken_; }

 private:
  std::string buffer_;
  size_t at_ = 0;
  bool is_broken_ = false;
};

}  // namespace orc::wire
