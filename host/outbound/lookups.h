// Which names are being looked up. libcurl gives every look-up a thread of its own: two thousand calls to one service must not
// start two thousand of them, so the first call goes ahead and the others wait until libcurl's cache knows the name.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// Pure book-keeping; times in microseconds, given by the caller. The service's thread only.
class Lookups {
 public:
  /// True: begin the call now. False: it waits, and its number comes back from Resolved or Ended.
  bool MayBegin(const std::string& origin, uint64_t call, int64_t now_us);
  /// The name is known: the calls that waited for it.
  std::vector<uint64_t> Resolved(const std::string& origin, int64_t now_us);
  /// The call is over without that. When it was the one that went ahead, the next one does: its number (0: none).
  uint64_t Ended(const std::string& origin, uint64_t call);
  /// The name can't be resolved: the calls that waited, which would only learn the same.
  std::vector<uint64_t> Failed(const std::string& origin, uint64_t call);

 private:
  struct Lookup {
    uint64_t leader = 0;
    std::vector<uint64_t> followers = {};  // in reverse order is fine: they are equals
  };
  std::unordered_map<std::string, Lookup> under_way_;
  std::unordered_map<std::string, int64_t> known_until_us_;
};

}  // namespace orc
