// What a plugin costs: a call in the server's process and in one of its own, and the memory of attempts under way.
// plugin_bench [--attempts N]: run it from a release build; it needs its bin folder and tests/plugins.
#include <malloc.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "plugin/plugins.h"

namespace {

using namespace orc;
using Clock = std::chrono::steady_clock;

class CountingSink final : public AttemptSink {
 public:
  void OnFinished(AttemptFinished) override {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_one();
  }
  void OnLog(const AttemptKey&, const std::string&, std::string, std::string) override {}
  void WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
};

class Bench {
 public:
  explicit Bench(bool isolated) {
    http_ = std::move(HttpService::Start({})).value();
    Plugins::Options options;
    options.folders = {ORC_BINARY_DIR "/bench/plugins"};
    PluginSettings settings;
    settings.isolation = isolated ? PluginSettings::Isolation::kProcess : PluginSettings::Isolation::kNone;
    options.settings = {{"bench_echo", settings}, {"holder", settings}};
    options.process_program = ORC_BINARY_DIR "/bin/orchestrator-plugin-host";
    options.check_ownership = false;
    plugins_ = Plugins::Load(options, clock_, *http_);
    plugins_->Bind(sink_);
    for (const auto& failure : plugins_->failures()) std::fprintf(stderr, "%s: %s\n", failure.file.c_str(), failure.detail.c_str());
  }
  ~Bench() { plugins_->Stop(); }

  AttemptKey Start(const std::shared_ptr<const Definition>& definition) {
    AttemptOrder order;
    order.key.run_id = "run_01234567890123456789";
    order.key.try_number = ++tries_;
    order.workflow_id = "wf_1";
    order.definition = definition;
    order.input = R"({"n":1})";
    order.idempotency_key = "key";
    AttemptKey key = order.key;
    plugins_->Start(std::move(order));
    return key;
  }
  static std::shared_ptr<const Definition> Step(const char* action) {
    auto definition = std::make_shared<Definition>();
    definition->steps.emplace_back();
    definition->steps[0].action = action;
    return definition;
  }

  /// One after the other: nanoseconds from Start to OnFinished.
  double RoundTripNs(int count) {
    const auto step = Step("c.echo");
    const auto begin = Clock::now();
    for (int i = 0; i < count; ++i) {
      Start(step);
      sink_.WaitFor(++finished_);
    }
    return std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / count;
  }
  /// As many at once as it takes: calls a second.
  double CallsPerSecond(int count) {
    const auto step = Step("c.echo");
    const auto begin = Clock::now();
    for (int i = 0; i < count; ++i) Start(step);
    sink_.WaitFor(finished_ += static_cast<size_t>(count));
    return count / std::chrono::duration<double>(Clock::now() - begin).count();
  }
  /// Attempts under way that nobody ends: bytes of heap for each.
  double BytesPerAttempt(int count) {
    const auto step = Step("bench.hold");
    const auto before = ::mallinfo2();
    for (int i = 0; i < count; ++i) Start(step);
    const auto after = ::mallinfo2();
    const double bytes = static_cast<double>(after.uordblks + after.hblkhd) - static_cast<double>(before.uordblks + before.hblkhd);
    std::printf("  %zu attempts in flight\n", plugins_->InFlight());
    return bytes / count;
  }

 private:
  SystemClock clock_;
  CountingSink sink_;
  std::unique_ptr<HttpService> http_;
  std::unique_ptr<Plugins> plugins_;
  int32_t tries_ = 0;
  size_t finished_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const int attempts = argc > 2 && std::strcmp(argv[1], "--attempts") == 0 ? std::atoi(argv[2]) : 100'000;
  for (const bool isolated : {false, true}) {
    Bench bench(isolated);
    bench.RoundTripNs(1000);
    std::printf("%s\n", isolated ? "in a process of its own" : "in the server's process");
    std::printf("  %.0f ns from start to completion, one after the other\n", bench.RoundTripNs(20'000));
    std::printf("  %.0f calls a second, many at once\n", bench.CallsPerSecond(100'000));
    std::printf("  %.0f bytes of the server's heap for each attempt in flight\n", bench.BytesPerAttempt(attempts));
  }
}
