// A service, a stub, and calls that wait for their reply.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "outbound/http_service.h"
#include "support/http_stub.h"

namespace orc::test {

class HttpServiceTest : public ::testing::Test {
 protected:
  HttpServiceTest() { StartService({.allow = {"127.0.0.1"}}); }

  void StartService(EgressPolicy policy, size_t max_in_flight = 20'000) {
    service_.reset();
    auto started = HttpService::Start(std::move(policy), max_in_flight);
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(started).value();
  }

  struct Pending {
    uint64_t id = 0;
    std::future<HttpReply> reply;
  };
  Pending Begin(HttpCall call, HttpService::OnChunk chunk = nullptr) {
    auto promise = std::make_shared<std::promise<HttpReply>>();
    Pending pending;
    pending.reply = promise->get_future();
    pending.id = service_->Send(
        std::move(call), [promise](HttpReply reply) { promise->set_value(std::move(reply)); }, std::move(chunk));
    return pending;
  }
  static HttpReply Wait(Pending& pending) {
    if (pending.reply.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
      ADD_FAILURE() << "no reply came";
      return {};
    }
    return pending.reply.get();
  }
  HttpReply Do(HttpCall call) {
    auto pending = Begin(std::move(call));
    return Wait(pending);
  }
  HttpReply Get(const std::string& url) {
    HttpCall call;
    call.url = url;
    return Do(std::move(call));
  }

  HttpStub stub_;
  std::unique_ptr<HttpService> service_;
};

}  // namespace orc::test
