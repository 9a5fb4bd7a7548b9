#include "tester.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace tester {
namespace {

struct Echo : Base {
  static constexpr ActionInfo kInfo{"test.echo",
                                    "1.2.3",
                                    "Echoes.",
                                    "",
                                    R"({"type": "object", "properties": {"count": {"type": "integer"}}})",
                                    R"({"type": "object"})",
                                    ORC_ACTION_IDEMPOTENT | ORC_ACTION_PURE};
  using Base::Base;
  void Start(Attempt attempt, const Request& request) {
    attempt.AppendLog("echoing for " + std::string(request.step_name) + " with the key " + std::string(request.idempotency_key));
    attempt.Succeed(std::string(request.input));
  }
};

struct Fail : Base {
  static constexpr ActionInfo kInfo{"test.fail", "1.0.0", "Fails for good."};
  using Base::Base;
  void Start(Attempt attempt, const Request&) {
    Result result = Result::Failure("http_status", "answered 404");
    result.http_code = 404;
    result.output = R"({"error":"gone"})";
    result.response_headers = R"({"server":"x"})";
    result.error_detail = R"({"tried":1})";
    attempt.Complete(result);
  }
};

struct Retry : Base {
  static constexpr ActionInfo kInfo{"test.retry", "1.0.0", "Fails for now."};
  using Base::Base;
  void Start(Attempt attempt, const Request&) { attempt.FailRetryable("network", "not today", 1500); }
};

struct Thread : Base {
  static constexpr ActionInfo kInfo{"test.thread", "1.0.0", "Ends from a thread of its own."};
  using Base::Base;
  void Start(Attempt attempt, const Request&) {
    std::thread([attempt = std::move(attempt)]() mutable {
      attempt.Progress(0.5, "half way");
      attempt.AppendLog("careful", Level::kWarn);
      attempt.Succeed("true");
    }).detach();
  }
};

/// Blocks for that many milliseconds, or until it is cancelled.
struct Sleep : Base {
  static constexpr ActionInfo kInfo{"test.sleep", "1.0.0", "Sleeps.", "", kNumber};
  using Base::Base;
  Result Run(Attempt& attempt, const Request& request) {
    attempt.AppendLog("sleeping");
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::stoi(std::string(request.input)));
    while (std::chrono::steady_clock::now() < until) {
      if (attempt.Cancelled()) return Result::Cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Result::Success("\"slept\"");
  }
};

struct Configured {
  static constexpr ActionInfo kInfo{"test.configured", "1.0.0", "Needs a configuration.",
                                    R"({"type": "object", "required": ["greeting"], "properties": {"greeting": {"type": "string"}}})"};
  Configured(const Host&, std::string_view config) : config_(config) {
    if (config_.find("rude") != std::string::npos) throw std::invalid_argument("the greeting is rude");
  }
  void Start(Attempt attempt, const Request&) { attempt.Succeed(config_); }
  std::string config_;
};

/// Ends as cancelled when it is told to.
struct Obedient : Base {
  static constexpr ActionInfo kInfo{"test.obedient", "1.0.0", "Waits until it is cancelled."};
  using Base::Base;
  void Start(Attempt attempt, const Request&) { kept_ = std::make_unique<Attempt>(std::move(attempt)); }
  void Cancel(orc_attempt id) {
    if (kept_ && kept_->id() == id) kept_->Complete(Result::Cancelled());
  }
  std::unique_ptr<Attempt> kept_;  // the test has one at a time
};

/// Fails, and repeats its input wherever it can.
struct Chatter : Base {
  static constexpr ActionInfo kInfo{"test.chatter", "1.0.0", "Says its input in the log, the message, the detail and the headers.", "",
                                    kText};
  using Base::Base;
  void Start(Attempt attempt, const Request& request) {
    attempt.AppendLog("got " + std::string(request.input));
    attempt.Progress(0.5, request.input);
    host_.Log(Level::kWarn, request.input);
    Result result = Result::Failure("http_status", "it did not like " + Unquoted(request.input));
    result.output = std::string(request.input);
    result.response_headers = "{\"x-echo\":" + std::string(request.input) + "}";
    result.error_detail = "[" + std::string(request.input) + "]";
    attempt.Complete(result);
  }
};

}  // namespace
}  // namespace tester

ORCHESTRATOR_PLUGIN("tester", "4.5.6", "Apache-2.0", "Actions for tests.", tester::Echo, tester::Fail, tester::Retry, tester::Thread,
                    tester::Sleep, tester::Configured, tester::Obedient, tester::Fetch, tester::FetchOnPool, tester::FetchThrows,
                    tester::FetchTwo, tester::FetchRefused, tester::FetchAndForget, tester::Never, tester::Doubles, tester::Drops,
                    tester::Throws, tester::RunThrows, tester::Raw, tester::Big, tester::NoSense, tester::Chatter)
