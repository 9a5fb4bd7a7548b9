// A plugin in processes of its own: the same actions, carried out by orchestrator-plugin-host. What it does to its process costs the
// attempts in that process and nothing else (docs/adr/0008-plugins-in-processes-of-their-own.md).
#pragma once

#include <orchestrator/abi.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "plugin/isolated_worker.h"
#include "plugin/isolation_loop.h"
#include "plugin/plugin_settings.h"
#include "plugin/plugins.h"
#include "wire/http_messages.h"
#include "wire/messages.h"

namespace orc {

/// Thread-safe. Start and Cancel never wait for the process. Each attempt that was started ends with one call of host.complete, outside of
/// every lock of this object; its process's end makes that `plugin_crashed`.
class IsolatedPlugin : public std::enable_shared_from_this<IsolatedPlugin> {
 public:
  struct Options {
    std::string program;  // orchestrator-plugin-host
    std::string file;
    std::string name;  // for messages
    PluginSettings settings = {};
    int blocking_threads = 8;
    int64_t stall_us = 30'000'000;  // a process with attempts that answers nothing for so long is ended
  };
  IsolatedPlugin(Options options, IsolationLoop& loop) : options_(std::move(options)), loop_(loop) {}
  ~IsolatedPlugin();
  IsolatedPlugin(const IsolatedPlugin&) = delete;
  IsolatedPlugin& operator=(const IsolatedPlugin&) = delete;

  /// Starts a process and waits until it has told what it offers; "" check: it has.
  Plugins::Failure Open();
  const wire::Described& description() const { return description_; }
  /// Whom it reports to; before the first Make.
  void SetHost(const orc_host& host) { host_ = &host; }
  /// Makes the action's instance in the process, and again in each that follows it. "" or why not.
  std::string Make(uint32_t action, const std::string& config);

  void Start(uint32_t action, uint64_t attempt, const orc_request& request);
  void Cancel(uint64_t attempt);
  /// Waits for the answer, five seconds at most. 0 and "" when healthy.
  int32_t CheckHealth(uint32_t action, std::string& report);
  /// Ends its processes; attempts under way end as crashed. Nothing starts after it.
  void End();
  /// The same without waiting for it: the loop's thread keeps this object until it is done.
  void EndSoon();
  /// Process ids, for tests and for who wants to look.
  std::vector<pid_t> Pids() const;

 private:
  using Workers = std::map<uint64_t, std::unique_ptr<IsolatedWorker>>;
  struct Lost {
    uint64_t attempt;
    std::string message;
  };
  struct Answer {
    bool is_there = false;
    int32_t code = 0;
    std::string text;
  };

  // On the loop's thread.
  int64_t OnTime(int64_t now_us);
  void SpawnWorker(int64_t now_us);
  void OnSocket(uint64_t worker_id, uint32_t events);
  bool ReadFrom(IsolatedWorker& worker);
  void OnEnd(uint64_t worker_id);
  void Handle(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame);
  bool HandleReport(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame);
  bool HandleLife(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame);
  bool OnComplete(IsolatedWorker& worker, std::string_view payload);
  bool OnLine(IsolatedWorker& worker, wire::Kind kind, std::string_view payload);
  bool OnHttpSend(IsolatedWorker& worker, std::string_view payload);
  bool OnDescribed(IsolatedWorker& worker, std::string_view payload);
  bool OnCreated(IsolatedWorker& worker, std::string_view payload);

  // With mutex_ held.
  bool MayStartWorker(int64_t now_us) const;
  void Pump();
  IsolatedWorker* FreeWorker();
  void Send(IsolatedWorker& worker, const std::string& frame);
  void Flush(IsolatedWorker& worker);
  void Kill(IsolatedWorker& worker, const std::string& reason);
  void LoseWaiting(const std::string& message, std::vector<Lost>& lost);
  int64_t DueOf(const IsolatedWorker& worker) const;
  void KillOrLookLater(IsolatedWorker& worker, int64_t now_us);
  void Watchdog(IsolatedWorker& worker, int64_t now_us);

  void BeginEnd(std::vector<Lost>& lost);
  void Report(const std::vector<Lost>& lost) const;
  void TellWorker(uint64_t worker_id, const std::string& frame);
  IsolatedWorker* Find(uint64_t worker_id);
  friend struct HttpRelay;

  const Options options_;
  IsolationLoop& loop_;
  const orc_host* host_ = nullptr;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  wire::Described description_;
  bool is_described_ = false;
  Plugins::Failure failure_;                   // of the start that Open waits for
  std::map<uint32_t, std::string> made_;       // action → configuration
  std::map<uint32_t, Answer> creations_;       // what Make waits for
  std::map<uint64_t, Answer> health_;          // what CheckHealth waits for
  Workers workers_;                            // changed by the loop's thread only
  std::map<uint64_t, std::string> waiting_;    // attempts without a process yet (numbers grow: the oldest first) → their frames
  std::unordered_map<uint64_t, uint64_t> at_;  // attempt → worker
  std::string last_end_;                       // how the last process ended
  int failures_in_row_ = 0;
  int64_t next_start_us_ = 0;
  uint64_t last_worker_ = 0;
  uint64_t last_question_ = 0;
  bool wants_worker_ = false;
  bool is_over_ = false;
  std::shared_ptr<IsolatedPlugin> itself_;  // from EndSoon until its last process has ended
};

}  // namespace orc
