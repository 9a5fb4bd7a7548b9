// The action `web.extract`: title, text, links and metadata of a page, by a service or by itself.
#include <orchestrator/action.hpp>

#include "html_document.h"
#include "page_fetch.h"
#include "service/answer.h"
#include "service/call.h"
#include "service/settings.h"

namespace {

namespace service = orc::service;
using orchestrator::Attempt;

constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
    ;
constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
    ;
constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
    ;

constexpr uint64_t kMaxPageBytes = 8u << 20;

class WebExtract {
 public:
  static constexpr orchestrator::ActionInfo kInfo{
      "web.extract", "1.0.0",       "Title, text, links and metadata of a web page.", kConfigSchema,
      kInputSchema,  kOutputSchema, ORC_ACTION_IDEMPOTENT | ORC_ACTION_BLOCKING};  // reading megabytes of HTML must not hold up the host's
                                                                                   // HTTP thread

  WebExtract(const orchestrator::Host& host, std::string_view config)
      : host_(host), settings_(service::Settings::Read(config, "/v1/extract")) {
    orc::extract::HtmlDocument::Prepare();
  }

  void Start(Attempt attempt, const orchestrator::Request& request) {
    if (auto begun = Begin(attempt, request); !begun.ok()) attempt.Fail("input_invalid", begun.error().message);
  }

 private:
  /// Takes the attempt, unless there is an error.
  orc::Result<void> Begin(Attempt& attempt, const orchestrator::Request& request) const {
    ORC_ASSIGN_OR_RETURN(const orc::JsonObject input, service::ReadInput(request.input));
    if (service::HasOwnBody(input)) return SendOwn(attempt, input, request);
    if (!settings_.base_url.empty()) return AskService(attempt, input, request);
    return FetchItself(attempt, input, request);
  }

  /// With a body of its own it is a plain call to `url`, or to the service.
  orc::Result<void> SendOwn(Attempt& attempt, const orc::JsonObject& input, const orchestrator::Request& request) const {
    service::Target target;
    target.base_url_setting = "web.extract.base_url";
    ORC_ASSIGN_OR_RETURN(const auto call, service::BuildCall(input, settings_, target, request));
    service::SendPlain(host_, std::move(attempt), call);
    return {};
  }

  orc::Result<void> AskService(Attempt& attempt, const orc::JsonObject& input, const orchestrator::Request& request) const {
    orc::JsonObject without_url = input;
    without_url.erase("url");
    ORC_ASSIGN_OR_RETURN(auto call, service::BuildCall(without_url, settings_, service::Target(), request));
    const orc::Json* url = input.if_contains("url");
    if (url == nullptr) return orc::Error{orc::ErrorCode::kInvalid, "input.url is missing: say which page to read"};
    orc::JsonObject payload{{"url", *url}};
    for (const auto& field : service::Parameters(input)) payload.emplace(field.key(), field.value());
    service::SetJsonBody(call, payload);
    service::SendPlain(host_, std::move(attempt), call);
    return {};
  }

  orc::Result<void> FetchItself(Attempt& attempt, const orc::JsonObject& input, const orchestrator::Request& request) const {
    service::Target target;
    target.default_method = "GET";
    ORC_ASSIGN_OR_RETURN(auto call, service::BuildCall(input, settings_, target, request));
    if (!input.contains("follow_redirects")) call.max_redirects = 3;
    if (call.max_response_bytes == 0) call.max_response_bytes = kMaxPageBytes;
    service::SetDefaultHeader(call, "Accept", "text/html, application/xhtml+xml, text/plain;q=0.9");
    orc::extract::PageOptions options;
    const orc::Json whole(input);
    options.max_chars = static_cast<size_t>(orc::IntAt(whole, "max_chars").value_or(static_cast<int64_t>(options.max_chars)));
    options.max_links = static_cast<size_t>(orc::IntAt(whole, "max_links").value_or(static_cast<int64_t>(options.max_links)));
    orc::extract::FetchPage(host_, std::move(attempt), std::move(call), options);
    return {};
  }

  orchestrator::Host host_;
  service::Settings settings_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("web_extract", "1.0.0", "Apache-2.0", "Reads web pages.", WebExtract)
