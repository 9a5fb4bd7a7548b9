#include "outbound/curl_service.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "base/thread_name.h"

namespace orc {
namespace {

constexpr size_t kIdleTransfers = 32;      // kept for the next calls; the others give their memory back
constexpr size_t kIdleConnections = 2048;  // kept open between calls
constexpr size_t kBurst = 256;             // calls at once after which memory is handed back when all have ended

HttpReply Ended(HttpFailure failure, std::string message) {
  HttpReply reply;
  reply.failure = failure;
  reply.message = std::move(message);
  return reply;
}

}  // namespace

Result<std::unique_ptr<HttpService>> HttpService::Start(const EgressPolicy& policy, size_t max_in_flight) {
  ORC_ASSIGN_OR_RETURN(Egress egress, Egress::Compile(policy));
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) return Error{ErrorCode::kInternal, std::string("libcurl can't start: ") + curl_easy_strerror(global)};
  auto service = std::make_unique<CurlService>(std::move(egress), max_in_flight);
  ORC_RETURN_IF_ERROR(service->Open());
  return std::unique_ptr<HttpService>(std::move(service));
}

CurlService::CurlService(Egress egress, size_t max_in_flight)
    : egress_(std::move(egress)), max_in_flight_(max_in_flight), multi_(curl_multi_init()) {}

CurlService::~CurlService() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  loop_.Wake();
  if (thread_.joinable()) thread_.join();
}

Result<void> CurlService::Open() {
  ORC_RETURN_IF_ERROR(loop_.Open(multi_.get()));
  // Idle ones count too: with none left for a new call, the one idle longest makes way.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(max_in_flight_));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(std::min(kIdleConnections, max_in_flight_)));
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  // Signals are the main thread's; and OpenSSL may write to a socket that is gone.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] {
    NameThisThread("orc-http");
    Run();
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return {};
}

uint64_t CurlService::Send(HttpCall call, OnDone done, OnChunk chunk) {
  const uint64_t id = ++last_id_;
  ++in_flight_;
  Order order{id, false, std::move(call), std::move(done), std::move(chunk)};
  if (!Enqueue(order)) Answer(order.done, Ended(HttpFailure::kStopped, "the server is stopping"));
  return id;
}

void CurlService::Cancel(uint64_t call) {
  Order order{call, true, {}, nullptr, nullptr};
  (void)Enqueue(order);  // when the service has closed, the call has ended
}

HttpService::Stats CurlService::GetStats() const { return {in_flight_.load(), last_id_.load()}; }

bool CurlService::Enqueue(Order& order) {
  bool was_empty = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return false;
    was_empty = queue_.empty();
    queue_.push_back(std::move(order));
  }
  // The thread itself looks at the queue before it waits.
  if (was_empty && std::this_thread::get_id() != thread_.get_id()) loop_.Wake();
  return true;
}

void CurlService::Run() {
  for (;;) {
    const bool worked = TakeOrders();
    BeginWaiting();
    ConnectReleased();
    bool may_wait = false;
    {
      std::lock_guard lock(mutex_);
      if (stop_) break;
      may_wait = !worked && queue_.empty();  // a callback may just have sent another call
    }
    loop_.Turn(may_wait);
    ReleaseResolved();
    ReadFinished();
    GiveBackMemory();
  }
  StopAll();
}

bool CurlService::TakeOrders() {
  {
    std::lock_guard lock(mutex_);
    taken_.swap(queue_);
  }
  const bool any = !taken_.empty();
  for (auto& order : taken_) {
    if (order.is_cancel) {
      CancelNow(order.id);
    } else {
      waiting_.push_back(std::move(order));
    }
  }
  taken_.clear();
  return any;
}

void CurlService::BeginWaiting() {
  while (!waiting_.empty() && active_.size() < max_in_flight_) {
    Order order = std::move(waiting_.front());
    waiting_.pop_front();
    Begin(std::move(order));
  }
}

void CurlService::Begin(Order order) {
  auto transfer = TakeTransfer();
  auto refused = transfer->Begin(order.id, std::move(order.call), std::move(order.chunk));
  if (refused) {
    KeepTransfer(std::move(transfer));
    return Answer(order.done, std::move(*refused));
  }
  const bool by_name = !ParseAddress(transfer->host());
  const bool may_begin = !by_name || lookups_.MayBegin(transfer->origin(), order.id, MonotonicUs());
  active_.emplace(order.id, Active{std::move(transfer), std::move(order.done), by_name});
  if (!may_begin) return;
  if (by_name) looking_up_.push_back(order.id);
  Connect(order.id);
}

void CurlService::CancelNow(uint64_t id) {
  const auto active = active_.find(id);
  if (active != active_.end()) return Finish(id, active->second.transfer->Abort(HttpFailure::kCanceled, "the call was cancelled"));
  const auto it = std::find_if(waiting_.begin(), waiting_.end(), [&](const Order& order) { return order.id == id; });
  if (it == waiting_.end()) return;
  const OnDone done = std::move(it->done);
  waiting_.erase(it);
  Answer(done, Ended(HttpFailure::kCanceled, "the call was cancelled"));
}

void CurlService::ReadFinished() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* easy = message->easy_handle;
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    auto* transfer = reinterpret_cast<Transfer*>(self);
    if (auto reply = transfer->End(code)) {
      Finish(transfer->id(), std::move(*reply));
      continue;
    }
    curl_multi_remove_handle(multi_.get(), easy);
    curl_multi_add_handle(multi_.get(), easy);  // the next hop of a redirect
  }
}

void CurlService::GiveBackMemory() {
  peak_ = std::max(peak_, active_.size());
  if (peak_ < kBurst || !active_.empty() || !waiting_.empty()) return;
  peak_ = 0;
  malloc_trim(0);
}

void CurlService::Finish(uint64_t id, HttpReply reply) {
  auto node = active_.extract(id);
  Active& active = node.mapped();
  curl_multi_remove_handle(multi_.get(), active.transfer->easy());
  if (active.by_name) EndLookup(active, id);
  const OnDone done = std::move(active.done);
  KeepTransfer(std::move(active.transfer));
  Answer(done, std::move(reply));
}

/// Callbacks may send more calls while this goes on: those end in the same way.
void CurlService::StopAll() {
  for (;;) {
    TakeOrders();
    while (!active_.empty()) {
      auto& first = *active_.begin();
      Finish(first.first, first.second.transfer->Abort(HttpFailure::kStopped, "the server is stopping"));
    }
    for (auto& order : std::exchange(waiting_, {})) Answer(order.done, Ended(HttpFailure::kStopped, "the server is stopping"));
    std::lock_guard lock(mutex_);
    closed_ = queue_.empty();
    if (closed_) break;
  }
  idle_.clear();
}

void CurlService::Answer(const OnDone& done, HttpReply reply) {
  --in_flight_;
  try {
    if (done) done(std::move(reply));
  } catch (const std::exception& e) {
    LogError("a receiver of an HTTP answer threw", {{"error", e.what()}});
  }
}

std::unique_ptr<Transfer> CurlService::TakeTransfer() {
  if (idle_.empty()) return std::make_unique<Transfer>(egress_);
  auto transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

void CurlService::KeepTransfer(std::unique_ptr<Transfer> transfer) {
  transfer->Clear();
  if (idle_.size() < kIdleTransfers) idle_.push_back(std::move(transfer));
}

}  // namespace orc
