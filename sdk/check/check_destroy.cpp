// destroys-cleanly: what an instance took, it gives back.
#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <thread>

#include "subject.h"

namespace orc::check {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int kWarmUp = 5;  // what is made once for all is made here
constexpr int kRounds = 3;
constexpr int kCycles = 50;            // a round
constexpr size_t kBytesPerCycle = 64;  // of a leak; less may be the allocator's own

size_t CountIn(const char* folder) {
  std::error_code error;
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder, error), fs::directory_iterator()));
}
size_t Threads() { return CountIn("/proc/self/task"); }
size_t Descriptors() { return CountIn("/proc/self/fd"); }

/// 0 where the allocator does not tell (a sanitizer's).
size_t HeapBytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;
#else
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

/// One life: made, used once, destroyed.
Obstacle Live(const Action& action, const std::vector<Example>& inputs) {
  Bench bench;
  if (auto obstacle = Make(bench, action)) return obstacle;
  if (!inputs.empty()) {
    bench.host.AnswerHttp(RespondInOrder(inputs.front().replies));
    orc_attempt id = 0;
    if (auto obstacle = StartOn(bench, action, inputs.front(), id)) return obstacle;
    try {
      (void)bench.host.WaitEnd(id, 10s);
    } catch (const std::exception& e) {
      return Failed(e.what());
    }
  }
  bench.tester.reset();
  return std::nullopt;
}

template <typename Count>
size_t Settled(Count count, size_t wanted) {
  for (int i = 0; i < 100 && count() > wanted; ++i) std::this_thread::sleep_for(10ms);
  return count();
}

Finding OfAction(Subject& subject, const Action& action) {
  const auto inputs = subject.InputsOf(action);
  if (!inputs.ok()) return Failed(inputs.error().message);
  for (int i = 0; i < kWarmUp; ++i) {
    if (auto obstacle = Live(action, *inputs)) return *obstacle;
  }
  const size_t threads = Threads();
  const size_t descriptors = Descriptors();
  size_t leaked = std::numeric_limits<size_t>::max();  // the least of the rounds: caches of the allocator grow once, a leak always
  for (int round = 0; round < kRounds; ++round) {
    const size_t heap = HeapBytes();
    for (int i = 0; i < kCycles; ++i) {
      if (auto obstacle = Live(action, *inputs)) return *obstacle;
    }
    const size_t now = HeapBytes();
    leaked = std::min(leaked, now > heap ? now - heap : 0);
  }
  const std::string after =
      " after " + std::to_string(kRounds * kCycles) + " instances of \"" + action.name + "\" were made, used and destroyed";
  if (const size_t now = Settled(&Threads, threads); now > threads)
    return Failed(std::to_string(now - threads) + " more threads run" + after);
  if (const size_t now = Settled(&Descriptors, descriptors); now > descriptors) {
    return Failed(std::to_string(now - descriptors) + " more descriptors are open" + after);
  }
  if (leaked > kBytesPerCycle * kCycles) return Failed("about " + std::to_string(leaked * kRounds) + " more bytes are taken" + after);
  return Passed("");
}

}  // namespace

Finding DestroysCleanly(Subject& subject) {
  return ForEachAction(subject, "instances leave no thread, no descriptor and no memory behind", &OfAction);
}

}  // namespace orc::check
