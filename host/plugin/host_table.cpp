#include "plugin/host_table.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "plugin/abi_check.h"

namespace orc {
namespace {

struct Context {
  orc_host table;
  std::shared_ptr<PluginCore> core;
  std::string plugin_name;
};

Context& From(void* context) { return *static_cast<Context*>(context); }

/// Nothing is thrown into a plugin.
template <typename Body>
void Quietly(Body body) noexcept {
  try {
    body();
  } catch (const std::exception& e) {
    LogError("a call of a plugin to the host failed", {{"error", e.what()}});
  }
}

void HostLog(void* context, int32_t level, orc_text message) {
  Quietly([&] {
    const auto at = static_cast<LogLevel>(std::clamp<int32_t>(level, ORC_DEBUG, ORC_ERROR));
    Log(at, ToStorableText(From(context).core->Redacted(std::string(View(message)))), {{"plugin", From(context).plugin_name}});
  });
}

void HostAppendRunLog(void* context, orc_attempt attempt, int32_t level, orc_text text) {
  Quietly([&] { From(context).core->AppendRunLog(attempt, level, View(text)); });
}

void HostProgress(void* context, orc_attempt attempt, double fraction, orc_text message) {
  Quietly([&] {
    const double bounded = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
    std::string line = std::to_string(std::lround(bounded * 100)) + " %";
    if (message.size != 0) line.append(": ").append(View(message));
    From(context).core->AppendRunLog(attempt, ORC_DEBUG, line);
  });
}

int32_t HostIsCancelled(void* context, orc_attempt attempt) {
  int32_t cancelled = 1;
  Quietly([&] { cancelled = From(context).core->IsCancelled(attempt) ? 1 : 0; });
  return cancelled;
}

int64_t HostNowUs(void* context) { return From(context).core->NowUs(); }

void HostComplete(void* context, orc_attempt attempt, const orc_result* result) {
  Quietly([&] { From(context).core->Complete(attempt, result); });
}

int32_t HostHttpSend(void* context, orc_attempt attempt, const orc_http_request* request, const orc_http_callbacks* callbacks,
                     const orc_sink* error) {
  std::string reason = "the host has no memory for the call";
  Quietly([&] { reason = From(context).core->HttpSend(attempt, request, callbacks); });
  if (reason.empty()) return 0;
  if (error != nullptr && error->write != nullptr) error->write(error->context, Text(reason));
  return -1;
}

}  // namespace

const orc_host& MakeHostTable(std::shared_ptr<PluginCore> core, std::string plugin_name) {
  static auto& kept = *new std::vector<Context*>;  // reachable, so that a leak checker keeps quiet
  static auto& mutex = *new std::mutex;
  auto* context = new Context{orc_host{}, std::move(core), std::move(plugin_name)};
  orc_host& table = context->table;
  table.struct_size = sizeof table;
  table.abi_major = ORC_ABI_MAJOR;
  table.abi_minor = ORC_ABI_MINOR;
  table.context = context;
  table.log = &HostLog;
  table.append_run_log = &HostAppendRunLog;
  table.progress = &HostProgress;
  table.is_cancelled = &HostIsCancelled;
  table.now_us = &HostNowUs;
  table.complete = &HostComplete;
  table.http_send = &HostHttpSend;
  std::lock_guard lock(mutex);
  kept.push_back(context);
  return table;
}

}  // namespace orc
