// HttpService over libcurl's multi interface.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "outbound/egress.h"
#include "outbound/http_service.h"
#include "outbound/lookups.h"
#include "outbound/socket_loop.h"
#include "outbound/transfer.h"

namespace orc {

class CurlService final : public HttpService {
 public:
  CurlService(Egress egress, size_t max_in_flight);
  ~CurlService() override;
  Result<void> Open();

  uint64_t Send(HttpCall call, OnDone done, OnChunk chunk) override;
  void Cancel(uint64_t call) override;
  Stats GetStats() const override;

 private:
  /// What other threads ask for, in order.
  struct Order {
    uint64_t id;
    bool is_cancel;
    HttpCall call;
    OnDone done;
    OnChunk chunk;
  };
  struct Active {
    std::unique_ptr<Transfer> transfer;
    OnDone done;
    bool by_name = false;  // the URL's host is looked up
  };
  struct CloseMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  void Run();
  bool Enqueue(Order& order);
  /// Carries out what is in the queue. False when there was nothing.
  bool TakeOrders();
  void BeginWaiting();
  void Begin(Order order);
  /// Hands a call that was set up to libcurl.
  void Connect(uint64_t id);
  void ReleaseResolved();
  /// Queued, not connected at once: a call that fails releases the next, and thousands of them must not nest.
  void Release(const std::vector<uint64_t>& calls);
  void ConnectReleased();
  void EndLookup(const Active& ended, uint64_t id);
  void CancelNow(uint64_t id);
  void ReadFinished();
  void Finish(uint64_t id, HttpReply reply);
  void StopAll();
  void GiveBackMemory();
  void Answer(const OnDone& done, HttpReply reply);
  std::unique_ptr<Transfer> TakeTransfer();
  void KeepTransfer(std::unique_ptr<Transfer> transfer);

  const Egress egress_;
  const size_t max_in_flight_;
  std::unique_ptr<CURLM, CloseMulti> multi_;
  SocketLoop loop_;

  std::mutex mutex_;
  std::vector<Order> queue_;
  bool stop_ = false;
  bool closed_ = false;

  // The service's thread only.
  std::vector<Order> taken_;
  std::deque<Order> waiting_;  // for a place under max_in_flight_
  std::unordered_map<uint64_t, Active> active_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  Lookups lookups_;
  std::vector<uint64_t> looking_up_;  // calls that went ahead for a name
  std::vector<uint64_t> released_;    // calls whose wait for a name is over
  size_t peak_ = 0;                   // of active_, since all had ended

  std::atomic<uint64_t> last_id_{0};
  std::atomic<size_t> in_flight_{0};
  std::thread thread_;
};

}  // namespace orc
