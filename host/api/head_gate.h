// The strict gate over the raw head of a request. Beast's parser accepts what request smuggling is made of (two equal
// Content-Lengths, "5, 5", folded lines, two Hosts, "chunked, gzip"); nothing of that passes here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc {

struct FramingLimits {
  size_t max_head_bytes = 32u << 10;
  size_t max_headers = 100;
  size_t max_body_bytes = 1u << 20;
};

/// Why a request can't be taken; the connection ends after the answer.
struct FramingFault {
  int status = 400;
  std::string detail;
};

/// Looks for the end of the head in `bytes`, going on at `from` (what earlier calls have seen).
struct HeadScan {
  size_t head_size = 0;  // with the last empty line; 0: not complete yet
  size_t seen = 0;       // where to go on
  std::optional<FramingFault> fault;
};
HeadScan ScanHead(std::string_view bytes, size_t from, const FramingLimits& limits);

struct HeadFacts {
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
};

/// Judges a whole head. Pure.
std::optional<FramingFault> CheckHead(std::string_view head, const FramingLimits& limits, HeadFacts& facts);

}  // namespace orc
