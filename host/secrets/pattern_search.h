// Many patterns looked for at once, in time that hardly depends on how many they are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

/// Wu and Manber's search: a window as long as the shortest pattern may be moves by what its last bytes allow. Immutable once built,
/// thread-safe.
class PatternSearch {
 public:
  /// The fewest bytes that a pattern may have.
  static constexpr size_t kLeastBytes = 8;

  /// Each has at least kLeastBytes.
  explicit PatternSearch(std::vector<std::string> patterns);

  const std::vector<std::string>& patterns() const { return patterns_; }
  /// Calls `found(pattern, begin)` for every place where one begins, also within another; false from it ends the search.
  void ForEach(std::string_view text, const std::function<bool(size_t pattern, size_t begin)>& found) const;
  bool IsIn(std::string_view text) const;

 private:
  static constexpr size_t kBlock = 3;
  uint32_t HashOf(const char* block) const;

  const std::vector<std::string> patterns_;
  const int table_bits_;                              // as many as keep the table sparse
  std::vector<std::pair<uint32_t, size_t>> by_hash_;  // of the block that ends a pattern's window; sorted
  std::vector<uint8_t> shifts_;                       // how far the window may move at least
};

}  // namespace orc
