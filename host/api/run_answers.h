// Answers that show a run.
#pragma once

#include <string>
#include <vector>

#include "api/answers.h"

namespace orc {

/// What is sent beside the run itself.
struct RunAnswer {
  int status = 200;
  bool with_location = false;
  std::vector<Problem> warnings = {};
  IdempotencyClaimPtr claim = nullptr;  // let go before it is sent
  bool is_replay = false;               // of a request that was answered before
};

/// The run once it is terminal, or as it is after `wait_us`; the error when there is none.
Answer ShowRunAtItsEnd(const Call& call, const std::string& run_id, int64_t wait_us, const RunAnswer& shape);

/// The run as it is on the disk now, or the error.
Answer ShowRun(const Context& context, const std::string& run_id, const RunAnswer& shape);

/// Has a worker send the run: for callers that must not read the store themselves.
void SendRunLater(const ContextPtr& context, CompletionPtr completion, std::string run_id, RunAnswer shape);

/// Answers when the run is terminal, or as it is after `wait_us`. `exists` false: the run is only about to be made, and whoever
/// makes it calls `Created` or `Failed` once.
class RunWait : public std::enable_shared_from_this<RunWait> {
 public:
  static std::shared_ptr<RunWait> Begin(const ContextPtr& context, CompletionPtr completion, std::string run_id, RunAnswer shape,
                                        bool exists);
  /// What the handler returns.
  Pending Park(int64_t wait_us);
  void Created(bool is_terminal);
  void Failed(const Error& error);
  /// The run turned out to be terminal (or gone) already: nothing more will be sent.
  void Cancel();

 private:
  RunWait(ContextPtr context, CompletionPtr completion, std::string run_id, RunAnswer shape, bool exists);
  void Send();
  void OnEnd();

  const ContextPtr context_;
  const CompletionPtr completion_;
  const std::string run_id_;
  const RunAnswer shape_;
  std::atomic<uint64_t> waiter_{0};
  std::atomic<bool> exists_;
  std::atomic<bool> has_ended_{false};  // the time is up
};

}  // namespace orc
