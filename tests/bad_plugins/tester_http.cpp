#include <chrono>
#include <stdexcept>
#include <thread>

#include "tester.h"

namespace tester {
namespace {

HttpRequest To(const Request& request) {
  HttpRequest http;
  http.url = Unquoted(request.input);
  http.headers = {{"Idempotency-Key", std::string(request.idempotency_key)}};
  return http;
}

void Report(Attempt& attempt, const HttpResponse& response) {
  if (!response.answered()) return attempt.Complete(response.ToFailure());
  Result result = Result::Success(std::string(response.body()));
  result.http_code = response.status();
  result.response_headers = response.HeadersAsJson();
  attempt.Complete(result);
}

}  // namespace

void Fetch::Start(Attempt attempt, const Request& request) {
  attempt.SendHttp(
      To(request), [](Attempt back, const HttpResponse& response) { Report(back, response); },
      [](const Attempt& current, std::string_view piece) { current.AppendLog(piece); });
}

void FetchOnPool::Start(Attempt attempt, const Request& request) {
  attempt.SendHttp(To(request), [starter = std::this_thread::get_id()](Attempt back, const HttpResponse& response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    back.AppendLog(starter == std::this_thread::get_id() ? "same thread" : "another thread");
    Report(back, response);
  });
}

void FetchThrows::Start(Attempt attempt, const Request& request) {
  attempt.SendHttp(To(request), [](Attempt, const HttpResponse&) { throw std::runtime_error("the answer is too good"); });
}

void FetchTwo::Start(Attempt attempt, const Request& request) {
  const HttpRequest http = To(request);
  attempt.SendHttp(http, [http](Attempt back, const HttpResponse&) {
    back.SendHttp(http, [](Attempt last, const HttpResponse& response) { Report(last, response); });
  });
}

void FetchRefused::Start(Attempt attempt, const Request&) {
  HttpRequest http;
  http.url = "http://127.0.0.1/";
  http.headers = {{"X-A", "1\r\nX-B: 2"}};
  attempt.SendHttp(http, [](Attempt back, const HttpResponse& response) { Report(back, response); });
}

void FetchAndForget::Start(Attempt attempt, const Request& request) {
  const Host host = host_;
  const orc_attempt id = attempt.id();
  attempt.SendHttp(To(request), [](Attempt back, const HttpResponse& response) { Report(back, response); });
  Attempt(host.raw(), id).Succeed("\"did not wait\"");
}

}  // namespace tester
