// Chunked bodies, strictly. Not Beast's: its parser asserts when the first chunk is the last one and comes in pieces, and waits
// for ever where lines end with LF alone (measured with 1.81).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Decodes as bytes come. One thread.
class ChunkReader {
 public:
  enum class Outcome : uint8_t { kNeedMore, kDone, kMalformed, kTooLarge };

  explicit ChunkReader(size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

  /// Appends to `body` and says in `taken` how much of `bytes` was used up; all of it unless the outcome is kDone or an error.
  Outcome Feed(std::string_view bytes, std::string& body, size_t& taken);
  /// Of kMalformed.
  const char* fault() const { return fault_; }

 private:
  enum class Part : uint8_t { kSize, kData, kDataEnd, kTrailer };
  bool TakeLine(std::string_view& bytes);
  Outcome TakeData(std::string_view& bytes, std::string& body);
  Outcome OnLine();
  Outcome OnSize();
  Outcome OnTrailer();
  Outcome Malformed(const char* fault);

  const size_t max_body_bytes_;
  Part part_ = Part::kSize;
  uint64_t left_ = 0;         // of this chunk's data
  size_t trailer_bytes_ = 0;  // so far
  std::string line_;          // so far, without its end
  const char* fault_ = "";
};

}  // namespace orc
