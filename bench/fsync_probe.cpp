// bench_fsync FILE COUNT: how long this disk takes to make one more block of a file durable, as a write-ahead log does.
// Prints {"fdatasync_p50_us":…, "fdatasync_p95_us":…}.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "bench_fsync FILE COUNT\n"), 2;
  const int file = open(argv[1], O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return std::perror(argv[1]), 1;
  const int count = std::max(std::atoi(argv[2]), 1);
  // The log's file is written over from its start after each checkpoint: its blocks are there already.
  const std::vector<char> block(8192, 'x');
  constexpr int kBlocks = 256;
  for (int i = 0; i < kBlocks; ++i) {
    if (pwrite(file, block.data(), block.size(), static_cast<off_t>(i) * 8192) < 0) return std::perror("write"), 1;
  }
  fsync(file);
  std::vector<double> took;
  for (int i = 0; i < count; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (pwrite(file, block.data(), block.size(), static_cast<off_t>(i % kBlocks) * 8192) < 0 || fdatasync(file) != 0)
      return std::perror("sync"), 1;
    took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  unlink(argv[1]);
  std::sort(took.begin(), took.end());
  std::printf("{\"fdatasync_p50_us\":%.1f,\"fdatasync_p95_us\":%.1f}\n", took[took.size() / 2], took[took.size() * 95 / 100]);
}
