#include "child/process_host.h"

#include <memory>
#include <string>

#include "child/confine.h"
#include "plugin/abi_check.h"

namespace orc {
namespace {

constexpr int kPoolGraceMs = 300;  // the server ends a process that takes longer

void Append(void* context, orc_text text) { static_cast<std::string*>(context)->append(View(text)); }

/// A request that outlives its frame: for the pool.
class KeptRequest {
 public:
  KeptRequest(const orc_request& request, std::string action)
      : texts_{std::string(View(request.input)),          std::move(action),
               std::string(View(request.run_id)),         std::string(View(request.workflow_id)),
               std::string(View(request.step_id)),        std::string(View(request.step_name)),
               std::string(View(request.idempotency_key))},
        request_(request) {
    request_.input = Text(texts_[0]);
    request_.action = Text(texts_[1]);
    request_.run_id = Text(texts_[2]);
    request_.workflow_id = Text(texts_[3]);
    request_.step_id = Text(texts_[4]);
    request_.step_name = Text(texts_[5]);
    request_.idempotency_key = Text(texts_[6]);
  }
  KeptRequest(const KeptRequest&) = delete;
  KeptRequest& operator=(const KeptRequest&) = delete;
  const orc_request& get() const { return request_; }

 private:
  std::string texts_[7];
  orc_request request_;
};

}  // namespace

ProcessHost::ProcessHost(Channel& channel, const orc_plugin& plugin, const wire::Hello& hello)
    : channel_(channel),
      plugin_(plugin),
      cpu_ms_(hello.cpu_ms),
      instances_(plugin.action_count, nullptr),
      pool_(static_cast<int>(hello.blocking_threads)) {
  table_.struct_size = sizeof table_;
  table_.abi_major = ORC_ABI_MAJOR;
  table_.abi_minor = ORC_ABI_MINOR;
  table_.context = this;
  table_.log = &Log;
  table_.append_run_log = &AppendRunLog;
  table_.progress = &Progress;
  table_.is_cancelled = &IsCancelled;
  table_.now_us = &NowUs;
  table_.complete = &Complete;
  table_.http_send = &HttpSend;
}

bool ProcessHost::Serve() {
  bool is_asked = false;
  for (auto frame = channel_.Receive(); frame && !is_asked; frame = channel_.Receive()) {
    is_asked = frame->kind == wire::Kind::kShutdown;
    if (is_asked || !Dispatch(*frame)) break;
  }
  if (!pool_.Stop(kPoolGraceMs)) return is_asked;  // some of their code still runs
  for (size_t i = 0; i < instances_.size(); ++i) {
    if (instances_[i] != nullptr) plugin_.actions[i]->destroy(instances_[i]);
  }
  return is_asked;
}

bool ProcessHost::Dispatch(const wire::FrameSplitter::Frame& frame) {
  switch (frame.kind) {
    case wire::Kind::kCreate:
      return OnCreate(frame.payload);
    case wire::Kind::kStart:
      return OnStart(frame.payload);
    case wire::Kind::kCancel:
      return OnCancel(frame.payload);
    case wire::Kind::kHttpChunk:
      return OnHttpChunk(frame.payload);
    case wire::Kind::kHttpDone:
      return OnHttpDone(frame.payload);
    case wire::Kind::kCheckHealth:
      return OnCheckHealth(frame.payload);
    case wire::Kind::kPing:
      channel_.Send(wire::EncodeNumber(wire::Kind::kPong, wire::DecodeNumber(frame.payload).value_or(0)));
      return true;
    default:
      return false;
  }
}

bool ProcessHost::OnCreate(std::string_view payload) {
  const auto create = wire::Create::Decode(payload);
  if (!create || create->action >= instances_.size() || instances_[create->action] != nullptr) return false;
  wire::Created created{create->action, false, {}};
  const orc_sink sink{&created.error, &Append};
  try {
    instances_[create->action] = plugin_.actions[create->action]->create(&table_, Text(create->config), &sink);
  } catch (const std::exception& e) {
    created.error = std::string("create let an exception out: ") + e.what();
  } catch (...) {
    created.error = "create let an exception out";
  }
  created.is_made = instances_[create->action] != nullptr;
  channel_.Send(created.Encode());
  return true;
}

bool ProcessHost::OnStart(std::string_view payload) {
  const auto start = wire::Start::Decode(payload);
  if (!start || start->action >= instances_.size() || instances_[start->action] == nullptr) return false;
  {
    const std::lock_guard lock(mutex_);
    live_[start->attempt] = {start->action, false};
  }
  if (cpu_ms_ > 0) GrantCpu(cpu_ms_);
  const uint32_t action = start->action;
  if (!IsBlocking(action)) {
    orc_request request = start->request;
    request.action = plugin_.actions[action]->name;
    CallStart(action, start->attempt, request);
    return true;
  }
  auto kept = std::make_shared<KeptRequest>(start->request, std::string(View(plugin_.actions[action]->name)));
  const uint64_t attempt = start->attempt;
  return pool_.Post([this, action, attempt, kept] {
    if (IsCancelled(this, attempt) == 0) return CallStart(action, attempt, kept->get());
    orc_result cancelled{};
    cancelled.struct_size = sizeof cancelled;
    cancelled.outcome = ORC_CANCELLED;
    Complete(this, attempt, &cancelled);
  });
}

void ProcessHost::CallStart(uint32_t action, uint64_t attempt, const orc_request& request) {
  try {
    plugin_.actions[action]->start(instances_[action], attempt, &request);
  } catch (...) {  // a plugin without the SDK's trampolines
    FailAsPluginError(attempt, "the action let an exception out of start");
  }
}

bool ProcessHost::OnCancel(std::string_view payload) {
  const auto attempt = wire::DecodeNumber(payload);
  if (!attempt) return false;
  uint32_t action = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto it = live_.find(*attempt);
    if (it == live_.end()) return true;
    it->second.is_cancelled = true;
    action = it->second.action;
  }
  if (plugin_.actions[action]->cancel == nullptr) return true;
  try {
    plugin_.actions[action]->cancel(instances_[action], *attempt);
  } catch (...) {
    FailAsPluginError(*attempt, "the action let an exception out of cancel");
  }
  return true;
}

bool ProcessHost::OnCheckHealth(std::string_view payload) {
  const auto question = wire::Health::Decode(payload);
  const auto action = question ? static_cast<uint32_t>(question->code) : 0;
  if (!question || action >= instances_.size() || instances_[action] == nullptr) return false;
  const uint64_t number = question->question;
  // On the pool: a health check may take its time.
  return pool_.Post([this, number, action] {
    std::string report;
    const orc_sink sink{&report, &Append};
    int32_t code = 0;
    try {
      if (plugin_.actions[action]->check_health != nullptr) code = plugin_.actions[action]->check_health(instances_[action], &sink);
    } catch (...) {
      code = 1;
      report = "the action let an exception out of check_health";
    }
    channel_.Send(wire::EncodeHealth(wire::Kind::kHealth, number, code, report));
  });
}

void ProcessHost::FailAsPluginError(uint64_t attempt, std::string_view message) {
  orc_result result{};
  result.struct_size = sizeof result;
  result.outcome = ORC_FAILED;
  result.retry_after_ms = -1;
  result.error_code = Text("plugin_error");
  result.error_message = Text(message);
  Complete(this, attempt, &result);
}

}  // namespace orc
