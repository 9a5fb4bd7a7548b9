// A real HTTP server that plays memarch or audit_log: it remembers what it was sent and answers as it is told.
#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"

namespace orc {

class HookReceiver {
 public:
  struct Received {
    std::string path;
    std::string key;  // Idempotency-Key
    Json body;
  };
  /// Gives the status of the answer to the request of that number (0, 1, …).
  using Answer = std::function<int(size_t number)>;

  explicit HookReceiver(Answer answer = [](size_t) { return 200; })
      : answer_(std::move(answer)), socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), server_(new Factory(*this), socket_, Params()) {
    server_.start();
  }
  ~HookReceiver() { server_.stopAll(true); }

  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(socket_.address().port()); }

  /// Waits until there are at least `count`; what there is after 20 s otherwise.
  std::vector<Received> WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return received_.size() >= count; });
    return received_;
  }

 private:
  static Poco::Net::HTTPServerParams* Params() {
    auto* params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(4);
    return params;
  }

  struct Handler : Poco::Net::HTTPRequestHandler {
    explicit Handler(HookReceiver& owner_) : owner(owner_) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
      std::string text;
      Poco::StreamCopier::copyToString(request.stream(), text);
      auto body = ParseJson(text);
      const int status = owner.Take({request.getURI(), request.get("Idempotency-Key", ""), body.ok() ? *body : Json(nullptr)});
      response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
      response.setContentLength(0);
      response.send();
    }
    HookReceiver& owner;
  };
  struct Factory : Poco::Net::HTTPRequestHandlerFactory {
    explicit Factory(HookReceiver& owner_) : owner(owner_) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override { return new Handler(owner); }
    HookReceiver& owner;
  };

  int Take(Received received) {
    const std::lock_guard lock(mutex_);
    received_.push_back(std::move(received));
    changed_.notify_all();
    return answer_(received_.size() - 1);
  }

  Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Received> received_;
  Poco::Net::ServerSocket socket_;
  Poco::Net::HTTPServer server_;
};

}  // namespace orc
