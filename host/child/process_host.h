// What a plugin in a process of its own takes for its host: the same table, spoken over the channel.
#pragma once

#include <orchestrator/abi.h>

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "child/channel.h"
#include "plugin/blocking_pool.h"
#include "wire/messages.h"

namespace orc {

/// The table's functions: any thread. Serve: the main thread, which also calls start and the HTTP callbacks of actions that do not block.
class ProcessHost {
 public:
  ProcessHost(Channel& channel, const orc_plugin& plugin, const wire::Hello& hello);
  ProcessHost(const ProcessHost&) = delete;
  ProcessHost& operator=(const ProcessHost&) = delete;

  /// Until the server says so, or the connection ends; destroys the instances then. False: the connection ended.
  bool Serve();

 private:
  struct Live {
    uint32_t action = 0;
    bool is_cancelled = false;
  };
  struct HttpCall {
    uint64_t attempt = 0;
    orc_http_callbacks callbacks{};
    bool is_blocking = false;
  };

  // The table.
  static ProcessHost& From(void* context) { return *static_cast<ProcessHost*>(context); }
  static void Log(void* context, int32_t level, orc_text message);
  static void AppendRunLog(void* context, orc_attempt attempt, int32_t level, orc_text text);
  static void Progress(void* context, orc_attempt attempt, double fraction, orc_text message);
  static int32_t IsCancelled(void* context, orc_attempt attempt);
  static int64_t NowUs(void* context);
  static void Complete(void* context, orc_attempt attempt, const orc_result* result);
  static int32_t HttpSend(void* context, orc_attempt attempt, const orc_http_request* request, const orc_http_callbacks* callbacks,
                          const orc_sink* error);

  // What the server says. False: it was no message of ours.
  bool Dispatch(const wire::FrameSplitter::Frame& frame);
  bool OnCreate(std::string_view payload);
  bool OnStart(std::string_view payload);
  bool OnCancel(std::string_view payload);
  bool OnHttpChunk(std::string_view payload);
  bool OnHttpDone(std::string_view payload);
  bool OnCheckHealth(std::string_view payload);

  void CallStart(uint32_t action, uint64_t attempt, const orc_request& request);
  void FailAsPluginError(uint64_t attempt, std::string_view message);
  bool IsBlocking(uint32_t action) const { return (plugin_.actions[action]->flags & ORC_ACTION_BLOCKING) != 0; }

  Channel& channel_;
  const orc_plugin& plugin_;
  const int64_t cpu_ms_;
  orc_host table_{};
  std::vector<void*> instances_;
  BlockingPool pool_;
  std::mutex mutex_;
  std::unordered_map<uint64_t, Live> live_;
  std::unordered_map<uint64_t, HttpCall> calls_;
  uint64_t last_call_ = 0;
};

}  // namespace orc
