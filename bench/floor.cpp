// bench_floor PORT FILE COUNT CALLS: the least that COUNT workflows of CALLS steps, one at a time, can take on this machine: each is a
// call (the client's own), then a write made durable, then CALLS times a call and a write made durable, all one after the other in one
// thread. The calls go to bench_stub over one kept connection. Prints {"floor_p50_us":…, "fdatasync_p50_us":…, "call_p50_us":…}.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double MicrosSince(Clock::time_point begin) { return std::chrono::duration<double, std::micro>(Clock::now() - begin).count(); }

double Median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class Floor {
 public:
  bool Open(uint16_t port, const char* path) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return std::perror("connect"), false;
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    file_ = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    if (file_ < 0) return std::perror(path), false;
    // A write-ahead log is written over from its start after each checkpoint: its blocks are there already.
    for (off_t i = 0; i < kBlocks; ++i) {
      if (pwrite(file_, block_.data(), block_.size(), i * kBlock) < 0) return std::perror("write"), false;
    }
    return fsync(file_) == 0;
  }

  void Call() {
    constexpr std::string_view kRequest =
        "POST /s0 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"n\":0}";
    const auto begin = Clock::now();
    char answer[4096];
    if (write(socket_, kRequest.data(), kRequest.size()) < 0 || read(socket_, answer, sizeof answer) <= 0)
      std::perror("call"), std::exit(1);
    calls_.push_back(MicrosSince(begin));
  }

  void Sync() {
    const auto begin = Clock::now();
    const off_t at = (next_block_++ % kBlocks) * kBlock;
    if (pwrite(file_, block_.data(), block_.size(), at) < 0 || fdatasync(file_) != 0) std::perror("sync"), std::exit(1);
    syncs_.push_back(MicrosSince(begin));
  }

  void Workflow(int calls) {
    const auto begin = Clock::now();
    Call();
    Sync();
    for (int i = 0; i < calls; ++i) {
      Call();
      Sync();
    }
    workflows_.push_back(MicrosSince(begin));
  }

  void Print() {
    std::printf("{\"floor_p50_us\":%.1f,\"fdatasync_p50_us\":%.1f,\"call_p50_us\":%.1f}\n", Median(workflows_), Median(syncs_),
                Median(calls_));
  }

 private:
  static constexpr off_t kBlock = 8192;
  static constexpr off_t kBlocks = 256;
  const std::vector<char> block_ = std::vector<char>(kBlock, 'x');
  int socket_ = -1;
  int file_ = -1;
  off_t next_block_ = 0;
  std::vector<double> workflows_, syncs_, calls_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "bench_floor PORT FILE COUNT CALLS\n"), 2;
  Floor floor;
  if (!floor.Open(static_cast<uint16_t>(std::atoi(argv[1])), argv[2])) return 1;
  for (int i = std::max(std::atoi(argv[3]), 1); i > 0; --i) floor.Workflow(std::atoi(argv[4]));
  floor.Print();
  unlink(argv[2]);
}
