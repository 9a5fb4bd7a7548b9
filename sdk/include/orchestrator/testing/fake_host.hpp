// A host for tests: it keeps what an action tells it, and answers its HTTP calls from a function of the test's. See testing.hpp.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "orchestrator/abi.h"
#include "orchestrator/result.hpp"
#include "orchestrator/testing/fake_http.hpp"

namespace orchestrator::testing {

constexpr std::chrono::milliseconds kPatience{10'000};

struct LogLine {
  Level level = Level::kInfo;
  std::string text;
};
struct ProgressLine {
  double fraction = 0;
  std::string text;
};

/// Thread-safe. Must outlive the action's instance. An attempt it does not know is cancelled and over, as with the real one.
class FakeHost {
 public:
  FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  const orc_host* table() const { return &table_; }

  /// A new attempt, known to this host.
  orc_attempt Begin();
  /// What a plugin then sees: `is_cancelled`, and its HTTP calls end. ActionTester::Cancel also calls the action.
  void MarkCancelled(orc_attempt id);
  /// The end of the attempt; throws std::runtime_error when it does not come in time.
  Result WaitEnd(orc_attempt id, std::chrono::milliseconds limit = kPatience);
  bool HasEnded(orc_attempt id) const { return Ends(id) != 0; }
  /// How often `complete` was called for it: more than once is the action's fault.
  int Ends(orc_attempt id) const;
  /// Calls of `complete` for attempts that never were.
  int UnknownEnds() const;
  /// What was wrong with the results themselves: a struct of another size, an outcome that is none. "" is well.
  std::string ResultFault() const;

  std::vector<LogLine> RunLog(orc_attempt id) const;
  std::vector<ProgressLine> Progress(orc_attempt id) const;
  /// The lines for the server's own log.
  std::vector<LogLine> ServerLog() const;

  /// Answers every call from now on. Called on the HTTP thread. Without one, calls get 200 and `{}`.
  void AnswerHttp(FakeHttp::Responder responder) { http_.Answer(std::move(responder)); }
  /// Every call so far.
  std::vector<HttpRequest> HttpCalls() const { return http_.Calls(); }
  FakeHttp& http() { return http_; }

  /// 0: the real clock.
  void SetNowUs(int64_t now_us);

 private:
  struct Attempt {
    int ends = 0;
    bool cancelled = false;
    Result result;
    std::vector<LogLine> log;
    std::vector<ProgressLine> progress;
  };
  static FakeHost& From(void* context) { return *static_cast<FakeHost*>(context); }
  static void Log(void* context, int32_t level, orc_text message);
  static void AppendRunLog(void* context, orc_attempt id, int32_t level, orc_text text);
  static void ReportProgress(void* context, orc_attempt id, double fraction, orc_text message);
  static int32_t IsCancelled(void* context, orc_attempt id);
  static int64_t NowUs(void* context);
  static void Complete(void* context, orc_attempt id, const orc_result* result);
  static int32_t HttpSend(void* context, orc_attempt id, const orc_http_request* request, const orc_http_callbacks* callbacks,
                          const orc_sink* error);

  const Attempt* Find(orc_attempt id) const {
    const auto it = attempts_.find(id);
    return it == attempts_.end() ? nullptr : &it->second;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<orc_attempt, Attempt> attempts_;
  std::vector<LogLine> log_;
  std::string result_fault_;
  int unknown_ends_ = 0;
  int64_t now_us_ = 0;
  orc_attempt last_id_ = 1000;
  orc_host table_{};
  FakeHttp http_;  // last: its thread ends first
};

}  // namespace orchestrator::testing

#include "orchestrator/testing/fake_host_calls.hpp"
