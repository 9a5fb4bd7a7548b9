#include "api/chunk_reader.h"

#include <algorithm>
#include <charconv>

#include "api/request.h"

namespace orc {
namespace {

/// Chunk extensions and trailers mean nothing here; they need only not be endless.
constexpr size_t kMaxLineBytes = 1024;
constexpr size_t kMaxTrailerBytes = 8u << 10;

}  // namespace

ChunkReader::Outcome ChunkReader::Malformed(const char* fault) {
  fault_ = fault;
  return Outcome::kMalformed;
}

ChunkReader::Outcome ChunkReader::Feed(std::string_view bytes, std::string& body, size_t& taken) {
  const size_t size = bytes.size();
  Outcome outcome = Outcome::kNeedMore;
  while (outcome == Outcome::kNeedMore && !bytes.empty()) {
    if (part_ == Part::kData) {
      outcome = TakeData(bytes, body);
    } else if (TakeLine(bytes)) {
      outcome = OnLine();
    } else if (line_.size() > kMaxLineBytes) {
      outcome = Malformed("a line of a chunked body is too long");
    }
  }
  taken = size - bytes.size();
  return outcome;
}

/// Moves bytes to `line_`; true once its LF has come.
bool ChunkReader::TakeLine(std::string_view& bytes) {
  const size_t end = bytes.find('\n');
  const size_t count = std::min({end == std::string_view::npos ? bytes.size() : end + 1, bytes.size(),
                                 kMaxLineBytes + 2 - std::min(line_.size(), kMaxLineBytes + 1)});
  line_.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  return line_.ends_with('\n');
}

ChunkReader::Outcome ChunkReader::TakeData(std::string_view& bytes, std::string& body) {
  const size_t count = static_cast<size_t>(std::min<uint64_t>(left_, bytes.size()));
  body.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  left_ -= count;
  if (left_ == 0) part_ = Part::kDataEnd;
  if (body.size() + left_ > max_body_bytes_) return Outcome::kTooLarge;
  return Outcome::kNeedMore;
}

ChunkReader::Outcome ChunkReader::OnLine() {
  if (!line_.ends_with("\r\n")) return Malformed("a line of a chunked body ends without CR");
  line_.resize(line_.size() - 2);
  if (line_.find_first_of(std::string_view("\r\0", 2)) != std::string::npos)
    return Malformed("a line of a chunked body has CR or NUL in it");
  Outcome outcome = Outcome::kNeedMore;
  if (part_ == Part::kSize) {
    outcome = OnSize();
  } else if (part_ == Part::kDataEnd) {
    if (!line_.empty()) return Malformed("a chunk is longer than it says");
    part_ = Part::kSize;
  } else {
    outcome = OnTrailer();
  }
  line_.clear();
  return outcome;
}

ChunkReader::Outcome ChunkReader::OnSize() {
  constexpr size_t kMaxDigits = 15;
  const size_t digits = std::min(line_.find_first_not_of("0123456789abcdefABCDEF"), line_.size());
  if (digits == 0 || digits > kMaxDigits || (digits < line_.size() && line_[digits] != ';'))
    return Malformed("a chunk's size is not a hexadecimal number");
  std::from_chars(line_.data(), line_.data() + digits, left_, 16);
  if (left_ > max_body_bytes_) return Outcome::kTooLarge;
  part_ = left_ == 0 ? Part::kTrailer : Part::kData;
  return Outcome::kNeedMore;
}

// Trailers are dropped, but one that would frame or route the request shows that somebody is playing tricks.
ChunkReader::Outcome ChunkReader::OnTrailer() {
  if (line_.empty()) return Outcome::kDone;
  trailer_bytes_ += line_.size();
  if (trailer_bytes_ > kMaxTrailerBytes) return Malformed("the trailers are too long");
  const size_t colon = line_.find(':');
  if (colon == std::string::npos || colon == 0 || line_.find_first_of(" \t") < colon) return Malformed("a trailer is not \"name: value\"");
  const std::string_view name = std::string_view(line_).substr(0, colon);
  for (const char* forbidden : {"content-length", "transfer-encoding", "host"}) {
    if (EqualsIgnoringCase(name, forbidden)) return Malformed("a trailer that frames or routes the request");
  }
  return Outcome::kNeedMore;
}

}  // namespace orc
