// What the process of an isolated plugin says. On the loop's thread; nothing in it is trusted.
#include "plugin/abi_check.h"
#include "plugin/isolated_plugin.h"

namespace orc {
namespace {

int32_t LevelOf(double number) { return number >= 0 && number <= 3 ? static_cast<int32_t>(number) : int32_t{ORC_INFO}; }

}  // namespace

/// An HTTP call of a process: its answer goes back to that process, if it is still there.
struct HttpRelay {
  std::weak_ptr<IsolatedPlugin> plugin;
  uint64_t worker = 0;
  uint64_t call = 0;

  static void OnDone(void* context, orc_attempt, const orc_http_response* response) {
    const std::unique_ptr<HttpRelay> self(static_cast<HttpRelay*>(context));
    if (const auto plugin = self->plugin.lock()) plugin->TellWorker(self->worker, wire::EncodeHttpDone(self->call, *response));
  }
  static void OnChunk(void* context, orc_attempt, orc_text piece) {
    const auto& self = *static_cast<HttpRelay*>(context);
    if (const auto plugin = self.plugin.lock()) plugin->TellWorker(self.worker, wire::EncodeHttpChunk(self.call, View(piece)));
  }
};

void IsolatedPlugin::Handle(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame) {
  {
    const std::lock_guard lock(mutex_);
    worker.heard_us = IsolationLoop::NowUs();
    worker.pinged_us = 0;
  }
  if (HandleReport(worker, frame) || HandleLife(worker, frame)) return;
  const std::lock_guard lock(mutex_);
  Kill(worker, "was ended: it sent what is no message");
}

bool IsolatedPlugin::HandleReport(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame) {
  switch (frame.kind) {
    case wire::Kind::kComplete:
      return OnComplete(worker, frame.payload);
    case wire::Kind::kLog:
    case wire::Kind::kRunLog:
    case wire::Kind::kProgress:
      return OnLine(worker, frame.kind, frame.payload);
    case wire::Kind::kHttpSend:
      return OnHttpSend(worker, frame.payload);
    default:
      return false;
  }
}

bool IsolatedPlugin::HandleLife(IsolatedWorker& worker, const wire::FrameSplitter::Frame& frame) {
  switch (frame.kind) {
    case wire::Kind::kDescribed:
      return OnDescribed(worker, frame.payload);
    case wire::Kind::kCreated:
      return OnCreated(worker, frame.payload);
    case wire::Kind::kPong:
      return true;
    case wire::Kind::kFault: {
      const auto fault = wire::Fault::Decode(frame.payload);
      if (!fault) return false;
      const std::lock_guard lock(mutex_);
      failure_ = {options_.file, fault->check, fault->detail};
      worker.end_reason = "can't load the library: " + fault->detail;
      return true;
    }
    case wire::Kind::kHealth: {
      const auto health = wire::Health::Decode(frame.payload);
      if (!health) return false;
      const std::lock_guard lock(mutex_);
      if (const auto it = health_.find(health->question); it != health_.end()) {
        it->second = {true, health->code, std::string(health->report)};
        changed_.notify_all();
      }
      return true;
    }
    default:
      return false;
  }
}

bool IsolatedPlugin::OnComplete(IsolatedWorker& worker, std::string_view payload) {
  const auto complete = wire::Complete::Decode(payload);
  if (!complete) return false;
  {
    const std::lock_guard lock(mutex_);
    const auto attempt = worker.attempts.find(complete->attempt);
    if (attempt == worker.attempts.end()) return true;  // of another process, or of none: not its to end
    if (attempt->second.kill_at_us != 0 && --worker.cancelled == 0) worker.cancelled_since_us = worker.next_kill_us = 0;
    worker.attempts.erase(attempt);
    at_.erase(complete->attempt);
    failures_in_row_ = 0;
    Pump();
  }
  host_->complete(host_->context, complete->attempt, &complete->result);
  return true;
}

bool IsolatedPlugin::OnLine(IsolatedWorker& worker, wire::Kind kind, std::string_view payload) {
  const auto line = wire::Line::Decode(payload);
  if (!line) return false;
  if (kind == wire::Kind::kLog) {
    host_->log(host_->context, LevelOf(line->number), Text(line->text));
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!worker.attempts.contains(line->attempt)) return true;
  }
  if (kind == wire::Kind::kProgress) {
    host_->progress(host_->context, line->attempt, line->number, Text(line->text));
  } else {
    host_->append_run_log(host_->context, line->attempt, LevelOf(line->number), Text(line->text));
  }
  return true;
}

bool IsolatedPlugin::OnHttpSend(IsolatedWorker& worker, std::string_view payload) {
  const auto send = wire::HttpSend::Decode(payload);
  if (!send) return false;
  bool is_its_own = false;
  {
    const std::lock_guard lock(mutex_);
    is_its_own = worker.attempts.contains(send->attempt);
  }
  std::string error = "the attempt is over";
  if (is_its_own) {
    auto relay = std::make_unique<HttpRelay>(HttpRelay{weak_from_this(), worker.id, send->call});
    orc_http_callbacks callbacks{};
    callbacks.struct_size = sizeof callbacks;
    callbacks.context = relay.get();
    callbacks.on_done = &HttpRelay::OnDone;
    callbacks.on_chunk = send->wants_chunks ? &HttpRelay::OnChunk : nullptr;
    const orc_sink sink{&error, [](void* context, orc_text text) { static_cast<std::string*>(context)->assign(View(text)); }};
    HttpRelay* released = relay.release();  // the answer may come, and free it, before http_send has returned
    if (host_->http_send(host_->context, send->attempt, &send->request, &callbacks, &sink) == 0) return true;
    relay.reset(released);
  }
  orc_http_response refused{};
  refused.struct_size = sizeof refused;
  refused.error_code = Text(is_its_own ? "input_invalid" : "cancelled");
  refused.error_message = Text(error);
  TellWorker(worker.id, wire::EncodeHttpDone(send->call, refused));
  return true;
}

bool IsolatedPlugin::OnDescribed(IsolatedWorker& worker, std::string_view payload) {
  auto described = wire::Described::Decode(payload);
  if (!described) return false;
  const std::lock_guard lock(mutex_);
  if (worker.is_described) return false;
  if (is_described_ && described->actions.size() != description_.actions.size()) {
    Kill(worker, "was ended: it offers other actions than before; reload the plugins");
    return true;
  }
  worker.is_described = true;
  worker.creations = made_.size();
  for (const auto& [action, config] : made_) Send(worker, wire::Create{action, config}.Encode());
  if (!is_described_) description_ = std::move(*described);
  is_described_ = true;
  Pump();
  changed_.notify_all();
  return true;
}

bool IsolatedPlugin::OnCreated(IsolatedWorker& worker, std::string_view payload) {
  const auto created = wire::Created::Decode(payload);
  if (!created) return false;
  const std::lock_guard lock(mutex_);
  if (worker.creations == 0 || !made_.contains(created->action)) return false;
  --worker.creations;
  Answer& answer = creations_[created->action];
  const bool was_made_before = answer.is_there && answer.code == 1;
  answer = {true, created->is_made ? 1 : 0, created->error};
  if (!created->is_made && was_made_before) {
    answer.code = 1;  // it is made again in the next process, perhaps with more luck
    Kill(worker, "was ended: it now refuses its configuration: " + created->error);
  }
  Pump();
  changed_.notify_all();
  return true;
}

}  // namespace orc
