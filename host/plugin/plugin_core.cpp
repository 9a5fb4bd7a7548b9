#include "plugin/plugin_core.h"

#include <algorithm>

#include "base/json.h"
#include "plugin/abi_check.h"
#include "plugin/http_bridge.h"
#include "plugin/outcome.h"

namespace orc {
namespace {

constexpr size_t kMaxLogText = 64u << 10;

const char* LevelText(int32_t level) {
  switch (level) {
    case ORC_DEBUG:
      return "debug";
    case ORC_WARN:
      return "warn";
    case ORC_ERROR:
      return "error";
    default:
      return "info";
  }
}

orc_request RequestOf(const AttemptOrder& order) {
  const StepDefinition& step = order.definition->steps[order.key.step];
  orc_request request{};
  request.struct_size = sizeof request;
  request.input = Text(order.input);
  request.action = Text(step.action);
  request.run_id = Text(order.key.run_id);
  request.workflow_id = Text(order.workflow_id);
  request.step_id = Text(step.id);
  request.step_name = Text(step.name);
  request.idempotency_key = Text(order.idempotency_key);
  request.try_number = order.key.try_number;
  request.timeout_ms = order.timeout_ms;
  return request;
}

}  // namespace

PluginCore::PluginCore(const Clock& clock, HttpService& http, int blocking_threads, size_t max_output_bytes,
                       std::shared_ptr<SecretSource> secrets)
    : pool_(blocking_threads), max_output_bytes_(max_output_bytes), secrets_(std::move(secrets)), clock_(&clock), http_(&http) {}

Redaction PluginCore::RedactionFor(std::shared_ptr<const Redactor> own) const {
  return {secrets_ != nullptr ? secrets_->Redaction() : nullptr, std::move(own)};
}

void PluginCore::Bind(AttemptSink& sink) {
  std::unique_lock lock(gate_);
  sink_ = &sink;
}

void PluginCore::Report(AttemptFinished finished) {
  std::shared_lock lock(gate_);
  if (!closed_ && sink_ != nullptr) sink_->OnFinished(std::move(finished));
}

void PluginCore::NoteOnRun(const AttemptKey& key, const std::string& action, std::string text) {
  std::shared_lock lock(gate_);
  if (!closed_ && sink_ != nullptr) sink_->OnLog(key, action, "debug", std::move(text));
}

void PluginCore::Start(AttemptOrder order, const LoadedAction& action, std::shared_ptr<const Redactor> own_redaction) {
  const uint64_t id = attempts_.Begin(order.key, action, std::move(own_redaction));
  if (closing_) return (void)attempts_.End(id);  // Close may have looked just before
  if (!action.is_blocking) return CallStart(id, order, action);
  auto shared = std::make_shared<const AttemptOrder>(std::move(order));
  const bool posted = pool_.Post([self = shared_from_this(), id, shared, &action] {
    if (!self->attempts_.IsCancelled(id)) return self->CallStart(id, *shared, action);
    orc_result cancelled{};
    cancelled.struct_size = sizeof cancelled;
    cancelled.outcome = ORC_CANCELLED;
    self->Complete(id, &cancelled);
  });
  if (!posted) (void)attempts_.End(id);
}

void PluginCore::CallStart(uint64_t id, const AttemptOrder& order, const LoadedAction& action) {
  const orc_request request = RequestOf(order);
  try {
    action.table->start(action.instance, id, &request);
  } catch (...) {  // a plugin without the SDK's trampolines
    FailAsPluginError(id, "the action let an exception out of start");
  }
}

void PluginCore::Cancel(const AttemptKey& key) {
  if (const auto cancelled = attempts_.Cancel(key)) TellToStop(*cancelled);
}

void PluginCore::TellToStop(const Attempts::Cancelled& cancelled) {
  {
    std::shared_lock lock(gate_);
    if (http_ != nullptr) {
      for (const uint64_t call : cancelled.http_calls) http_->Cancel(call);
    }
  }
  if (cancelled.action->table->cancel == nullptr) return;
  try {
    cancelled.action->table->cancel(cancelled.action->instance, cancelled.id);
  } catch (...) {
    FailAsPluginError(cancelled.id, "the action let an exception out of cancel");
  }
}

void PluginCore::AppendRunLog(uint64_t attempt, int32_t level, std::string_view text) {
  const auto seen = attempts_.Find(attempt);
  if (!seen) return;
  const std::string whole = RedactionFor(seen->own_redaction).InCutText(std::string(text));
  std::string line = ToStorableText(std::string_view(whole).substr(0, kMaxLogText));
  if (whole.size() > kMaxLogText) line += " … (" + std::to_string(whole.size() - kMaxLogText) + " more bytes)";
  std::shared_lock lock(gate_);
  if (!closed_ && sink_ != nullptr) sink_->OnLog(seen->key, seen->action->info->name, LevelText(level), std::move(line));
}

int64_t PluginCore::NowUs() const {
  std::shared_lock lock(gate_);
  return closed_ ? SystemClock().NowUs() : clock_->NowUs();
}

void PluginCore::Complete(uint64_t attempt, const orc_result* result) {
  auto ended = attempts_.End(attempt);
  if (!ended) return;
  auto finished =
      ReadResult(std::move(ended->key), result, ended->cancelled, max_output_bytes_, RedactionFor(std::move(ended->own_redaction)));
  {
    std::shared_lock lock(gate_);
    if (http_ != nullptr) {
      for (const uint64_t call : ended->http_calls) http_->Cancel(call);
    }
  }
  Report(std::move(finished));
  NoteProgress();
}

void PluginCore::FailAsPluginError(uint64_t attempt, std::string_view message) {
  orc_result result{};
  result.struct_size = sizeof result;
  result.outcome = ORC_FAILED;
  result.retry_after_ms = -1;
  result.error_code = Text("plugin_error");
  result.error_message = Text(message);
  Complete(attempt, &result);
}

void PluginCore::NoteProgress() {
  if (!closing_) return;
  std::lock_guard lock(idle_mutex_);
  idle_.notify_all();
}

bool PluginCore::Close(std::chrono::steady_clock::time_point deadline) {
  {
    std::unique_lock lock(gate_);
    closed_ = true;
    sink_ = nullptr;
  }
  closing_ = true;
  for (const auto& cancelled : attempts_.CancelAll()) TellToStop(cancelled);
  const auto left = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  };
  const bool pool_ended = pool_.Stop(static_cast<int>(std::max<int64_t>(0, left())));
  bool all_ended = false;
  {
    std::unique_lock lock(idle_mutex_);
    all_ended = idle_.wait_until(lock, deadline, [&] { return http_calls_ == 0 && attempts_.Count() == 0; });
  }
  std::unique_lock lock(gate_);
  http_ = nullptr;
  clock_ = nullptr;
  return pool_ended && all_ended;
}

}  // namespace orc
