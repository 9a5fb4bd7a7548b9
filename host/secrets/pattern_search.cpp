#include "secrets/pattern_search.h"

#include <algorithm>
#include <bit>

namespace orc {

namespace {

constexpr int kLeastBits = 8, kMostBits = 16, kSparse = 4;  // 2^4 places for each entry

}  // namespace

uint32_t PatternSearch::HashOf(const char* block) const {
  uint32_t bytes = 0;
  for (size_t i = 0; i < kBlock; ++i) bytes = bytes << 8 | static_cast<unsigned char>(block[i]);
  return bytes * 0x9E3779B1u >> (32 - table_bits_);
}

PatternSearch::PatternSearch(std::vector<std::string> patterns)
    : patterns_(std::move(patterns)),
      table_bits_(std::clamp(static_cast<int>(std::bit_width(patterns_.size() * kLeastBytes)) + kSparse, kLeastBits, kMostBits)),
      shifts_(size_t{1} << table_bits_, kLeastBytes - kBlock + 1) {
  for (size_t index = 0; index < patterns_.size(); ++index) {
    const char* pattern = patterns_[index].data();
    by_hash_.emplace_back(HashOf(pattern + kLeastBytes - kBlock), index);
    for (size_t i = 0; i + kBlock <= kLeastBytes; ++i) {
      uint8_t& shift = shifts_[HashOf(pattern + i)];
      shift = std::min(shift, static_cast<uint8_t>(kLeastBytes - kBlock - i));
    }
  }
  std::sort(by_hash_.begin(), by_hash_.end());
}

void PatternSearch::ForEach(std::string_view text, const std::function<bool(size_t, size_t)>& found) const {
  if (patterns_.empty()) return;
  for (size_t end = kLeastBytes; end <= text.size();) {
    const uint32_t hash = HashOf(text.data() + end - kBlock);
    const size_t shift = shifts_[hash];
    if (shift > 0) {
      end += shift;
      continue;
    }
    const size_t begin = end - kLeastBytes;
    auto at = std::lower_bound(by_hash_.begin(), by_hash_.end(), std::pair(hash, size_t{0}));
    for (; at != by_hash_.end() && at->first == hash; ++at) {
      if (text.substr(begin).starts_with(patterns_[at->second]) && !found(at->second, begin)) return;
    }
    ++end;
  }
}

bool PatternSearch::IsIn(std::string_view text) const {
  bool is_in = false;
  ForEach(text, [&](size_t, size_t) {
    is_in = true;
    return false;
  });
  return is_in;
}

}  // namespace orc
