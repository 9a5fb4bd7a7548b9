// Finds what the disk says must go on: runs under way when the last process ended, mail that was not read, timers whose time is near, and
// runs that were kept long enough.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/committer.h"
#include "engine/store.h"

namespace orc {

/// Owns one thread. Pages come one after the other, each after the one before was loaded, so that new runs are served meanwhile.
class Recovery {
 public:
  struct Ports {
    /// Runs that are to be taken up unless they are here: the list may have new ones of this process. The token is let go of when they
    /// are loaded.
    std::function<void(std::vector<std::string> run_ids, std::shared_ptr<void> token)> take_up;
    /// Timers (wake_us, run) to be set.
    std::function<void(std::vector<std::pair<int64_t, std::string>> timers)> set_timers;
    /// Mail that an earlier process left unread.
    std::function<void(RunMail mail)> deliver;
    /// How many were taken up by now.
    std::function<size_t()> count_taken_up;
    /// True while no more runs fit into memory.
    std::function<bool()> is_full;
  };

  /// Everything must outlive the object, and so must it the tokens.
  Recovery(const Clock& clock, Store& store, Committer& committer, Ports ports);
  ~Recovery();  // stops

  void Start();
  void Stop();

 private:
  void Work();
  /// Both answer how long to wait before they are called again, in ms; TakeUpPage -1 when there is no more.
  int64_t TakeUpPage();
  int64_t ReadTimers();
  int64_t DeleteExpired();
  /// What comes again and again: when its time has come.
  void LookAround();
  /// False when it is time to stop.
  bool DeliverMail();
  /// False when it is time to stop.
  bool Wait(int64_t ms);
  bool WaitForToken();

  const Clock& clock_;
  Store& store_;
  Committer& committer_;
  const Ports ports_;
  int64_t next_timers_us_ = 0;    // steady
  int64_t next_deletion_us_ = 0;  // likewise
  std::string after_id_;
  int64_t backoff_ms_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool page_out_ = false;
  std::thread thread_;
};

}  // namespace orc
