#include "page_fetch.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "resolve_url.h"
#include "service/answer.h"
#include "service/call_headers.h"
#include "service/url.h"

namespace orc::extract {
namespace {

using orchestrator::Attempt;
using orchestrator::HttpRequest;
using orchestrator::HttpResponse;
using Clock = std::chrono::steady_clock;

struct Fetch {
  orchestrator::Host host;
  HttpRequest call;
  PageOptions options;
  int hops_left;
  int hops_done = 0;
  Clock::time_point deadline;
};

bool IsRedirect(int32_t status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

bool IsHarmless(const std::string& name) {
  static constexpr std::string_view kHarmless[] = {"User-Agent", "Accept", "Accept-Language", "Idempotency-Key"};
  return std::any_of(std::begin(kHarmless), std::end(kHarmless), [&](std::string_view one) { return service::EqualNames(one, name); });
}

void Send(Attempt attempt, const std::shared_ptr<Fetch>& fetch);

void Read(Attempt attempt, const Fetch& fetch, const HttpResponse& response) {
  const std::string shown = service::ShownCall(fetch.call);
  const bool is_page = response.answered() && response.status() < 300;
  if (response.answered() && response.status() >= 400) return attempt.Complete(service::ToResult(response, shown, fetch.host.NowUs()));
  orchestrator::Result result = service::ToResultWithoutBody(response, shown, fetch.host.NowUs());
  if (is_page) {
    const auto page = ReadPage(response.body(), response.Header("content-type"), fetch.call.url, fetch.options);
    if (page.ok()) result.output = PrintJson(*page);
    if (!page.ok()) service::MakeInvalid(result, shown, page.error().message);
  } else if (response.answered()) {
    service::MakeInvalid(result, shown,
                         "a page is expected, but the answer after " + std::to_string(fetch.hops_done) + " redirects is " +
                             std::to_string(response.status()));
  }
  attempt.Complete(result);
}

/// The call becomes the one for the redirect's target. "" or what is wrong with that.
std::string Redirect(Fetch& fetch, const HttpResponse& response) {
  const std::string location(response.Header("location"));
  const std::string target = ResolveUrl(fetch.call.url, location);
  if (target.empty()) return "redirects to \"" + service::ShownUrl(location) + "\", which is no http or https URL";
  if (service::OriginOf(target) != service::OriginOf(fetch.call.url)) {
    std::erase_if(fetch.call.headers, [](const auto& header) { return !IsHarmless(header.first); });
  }
  if (response.status() < 307 && fetch.call.method != "HEAD") {
    fetch.call.method = "GET";
    fetch.call.body.clear();
  }
  fetch.call.url = target;
  --fetch.hops_left;
  ++fetch.hops_done;
  return {};
}

void Answered(Attempt attempt, const std::shared_ptr<Fetch>& fetch, const HttpResponse& response) {
  const bool is_redirect = response.answered() && IsRedirect(response.status()) && !response.Header("location").empty();
  if (!is_redirect || fetch->hops_left <= 0) return Read(std::move(attempt), *fetch, response);
  const std::string shown = service::ShownCall(fetch->call);
  if (const std::string fault = Redirect(*fetch, response); !fault.empty()) {
    orchestrator::Result result = service::ToResultWithoutBody(response, shown, fetch->host.NowUs());
    service::MakeInvalid(result, shown, "the page " + fault);
    return attempt.Complete(result);
  }
  fetch->call.timeout_ms = std::chrono::duration_cast<std::chrono::milliseconds>(fetch->deadline - Clock::now()).count();
  if (fetch->call.timeout_ms <= 0) return attempt.FailRetryable("timeout", shown + ": the redirects took too long");
  Send(std::move(attempt), fetch);
}

void Send(Attempt attempt, const std::shared_ptr<Fetch>& fetch) {
  const HttpRequest& call = fetch->call;
  attempt.SendHttp(call, [fetch](Attempt answered, const HttpResponse& response) { Answered(std::move(answered), fetch, response); });
}

}  // namespace

void FetchPage(const orchestrator::Host& host, Attempt attempt, HttpRequest call, const PageOptions& options) {
  auto fetch = std::make_shared<Fetch>(Fetch{host, std::move(call), options, 0, 0, {}});
  fetch->hops_left = fetch->call.max_redirects;
  fetch->call.max_redirects = 0;
  fetch->deadline = Clock::now() + std::chrono::milliseconds(fetch->call.timeout_ms);
  Send(std::move(attempt), fetch);
}

}  // namespace orc::extract
