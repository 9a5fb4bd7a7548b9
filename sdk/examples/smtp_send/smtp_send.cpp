// The action smtp.send: a plain-text mail.
#include <curl/curl.h>

#include <orchestrator/action.hpp>
#include <orchestrator/json/nlohmann.hpp>

#include "delivery.h"
#include "message.h"

namespace {

using nlohmann::json;
using orchestrator::Result;

class SmtpSend {
 public:
  static constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
      ;
  static constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
      ;
  static constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
      ;
  static constexpr orchestrator::ActionInfo kInfo{"smtp.send", "1.0.0", "Sends a mail.", kConfigSchema, kInputSchema, kOutputSchema};

  SmtpSend(const orchestrator::Host& host, std::string_view config_text) : host_(host) {
    const auto config = orchestrator::ReadJson<json>(config_text);
    from_ = config.at("from").get<std::string>();
    server_.url = config.at("url").get<std::string>();
    server_.username = config.value("username", "");
    server_.password = config.value("password", "");
    server_.tls = config.value("tls", server_.tls);
    server_.ca_file = config.value("ca_file", "");
    server_.timeout_ms = config.value("timeout_ms", server_.timeout_ms);
    curl_global_init(CURL_GLOBAL_DEFAULT);
  }

  Result Run(orchestrator::Attempt& attempt, const orchestrator::Request& request) {
    const auto input = orchestrator::ReadJson<json>(request.input);
    const Mail mail = ToMail(input, request);
    std::vector<std::string> recipients = mail.to;
    for (const auto& more : {mail.cc, Addresses(input, "bcc")}) recipients.insert(recipients.end(), more.begin(), more.end());
    SmtpServer server = server_;
    if (request.timeout_ms > 0) server.timeout_ms = static_cast<long>(request.timeout_ms);
    attempt.AppendLog("sending to " + std::to_string(recipients.size()) + " addresses by " + server.url);
    const Delivery done = Deliver(server, from_, recipients, FormatMail(mail), [&] { return attempt.Cancelled(); });
    if (done.end == Delivery::End::kAccepted) {
      return Result::Success(orchestrator::WriteJson(json{{"message_id", mail.message_id}, {"recipients", recipients.size()}}));
    }
    return ToFailure(done);
  }

 private:
  static std::vector<std::string> Addresses(const json& input, const char* name) { return input.value(name, std::vector<std::string>()); }

  Mail ToMail(const json& input, const orchestrator::Request& request) const {
    Mail mail;
    mail.from = from_;
    mail.to = Addresses(input, "to");
    mail.cc = Addresses(input, "cc");
    mail.reply_to = input.value("reply_to", "");
    mail.subject = input.at("subject").get<std::string>();
    mail.text = input.at("text").get<std::string>();
    mail.message_id = MessageIdFor(std::string(request.idempotency_key), from_);
    mail.date_s = host_.NowUs() / 1'000'000;
    return mail;
  }

  static Result ToFailure(const Delivery& done) {
    switch (done.end) {
      case Delivery::End::kStopped:
        return Result::Cancelled();
      case Delivery::End::kTimeout:
        return Result::RetryableFailure("timeout", done.text);
      case Delivery::End::kNetwork:
        return Result::RetryableFailure("network", done.text);
      case Delivery::End::kTls:
        return Result::Failure("tls", done.text);
      default:
        break;
    }
    Result result = Result::Failure("smtp_status", done.text);
    if (done.reply >= 400 && done.reply < 500) result.outcome = orchestrator::Outcome::kFailedRetryable;
    result.http_code = static_cast<int32_t>(done.reply);
    return result;
  }

  orchestrator::Host host_;
  SmtpServer server_;
  std::string from_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("smtp_send", "1.0.0", "Apache-2.0", "Mail by SMTP.", SmtpSend)
