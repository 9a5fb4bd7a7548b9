// The action `ai_router.chat`: a chat completion in the OpenAI shape, streamed into the run's log on demand.
#include <memory>
#include <orchestrator/action.hpp>

#include "chat_stream.h"
#include "service/answer.h"
#include "service/call.h"
#include "service/settings.h"

namespace {

namespace service = orc::service;
using orchestrator::Attempt;
using orchestrator::HttpRequest;
using orchestrator::HttpResponse;

constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
    ;
constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
    ;
constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
    ;

constexpr uint64_t kMaxStreamBytes = 32u << 20;  // an event of 150 bytes or more carries a few letters

struct Question {
  HttpRequest call;
  bool streams = false;
  bool is_plain = false;  // with a body of its own: the answer may be anything
};

class AiRouterChat {
 public:
  static constexpr orchestrator::ActionInfo kInfo{
      "ai_router.chat", "1.0.0",      "Asks a language model (OpenAI chat completions), streamed on demand.",
      kConfigSchema,    kInputSchema, kOutputSchema};

  AiRouterChat(const orchestrator::Host& host, std::string_view config)
      : host_(host), settings_(service::Settings::Read(config, "/v1/chat/completions")) {}

  void Start(Attempt attempt, const orchestrator::Request& request) {
    auto question = Build(request);
    if (!question.ok()) return attempt.Fail("input_invalid", question.error().message);
    if (question->streams) return SendStreamed(std::move(attempt), *question);
    if (question->is_plain) return service::SendPlain(host_, std::move(attempt), question->call);
    attempt.SendHttp(question->call,
                     [host = host_, shown = service::ShownCall(question->call)](Attempt answered, const HttpResponse& response) {
                       answered.Complete(ToAnswer(response, shown, host.NowUs()));
                     });
  }

 private:
  orc::Result<Question> Build(const orchestrator::Request& request) const;
  void SendStreamed(Attempt attempt, const Question& question) const;
  static orchestrator::Result ToAnswer(const HttpResponse& response, const std::string& shown, int64_t now_us);
  static orchestrator::Result EndStream(const orc::chat::ChatStream& stream, const HttpResponse& response, const std::string& shown,
                                        int64_t now_us);

  orchestrator::Host host_;
  service::Settings settings_;
};

/// The parameters as the service wants them; unknown ones are passed on.
orc::Result<orc::JsonObject> Payload(const orc::JsonObject& input, const orc::Json& config) {
  orc::JsonObject payload = service::Parameters(input);
  if (const auto model = orc::StringAt(config, "model"); !payload.contains("model") && !model.empty()) payload["model"] = model;
  orc::Json& messages = payload["messages"];
  if (messages.is_null()) messages = orc::JsonArray();
  if (const orc::Json* prompt = payload.if_contains("prompt"); prompt != nullptr && messages.is_array()) {
    messages.get_array().push_back({{"role", "user"}, {"content", *prompt}});
    payload.stable_erase(payload.find("prompt"));
  }
  const orc::Json& final_messages = payload.at("messages");
  if (!final_messages.is_array() || final_messages.get_array().empty()) {
    return orc::Error{orc::ErrorCode::kInvalid,
                      "input.messages is missing or empty: give \"messages\" ([{\"role\", \"content\"}, ...]) or a \"prompt\""};
  }
  return payload;
}

orc::Result<Question> AiRouterChat::Build(const orchestrator::Request& request) const {
  ORC_ASSIGN_OR_RETURN(const orc::JsonObject input, service::ReadInput(request.input));
  service::Target target;
  target.base_url_setting = "ai_router.base_url";
  Question question;
  ORC_ASSIGN_OR_RETURN(question.call, service::BuildCall(input, settings_, target, request));
  const orc::Json* own_body = service::HasOwnBody(input) ? input.if_contains("body") : nullptr;
  if (own_body != nullptr) {
    question.is_plain = true;
    question.streams = orc::BoolAt(*own_body, "stream", false);
  } else {
    ORC_ASSIGN_OR_RETURN(const orc::JsonObject payload, Payload(input, settings_.all));
    const orc::Json* stream = payload.if_contains("stream");
    question.streams = stream != nullptr && stream->is_bool() && stream->get_bool();
    service::SetJsonBody(question.call, payload);
  }
  if (question.streams) {
    service::SetDefaultHeader(question.call, "Accept", "text/event-stream, application/json");
    if (question.call.max_response_bytes == 0) question.call.max_response_bytes = kMaxStreamBytes;
  }
  return question;
}

void AiRouterChat::SendStreamed(Attempt attempt, const Question& question) const {
  // The attempt is on its way with the call; its lines go to the log by way of the reference that each piece brings.
  struct Reading {
    const Attempt* attempt = nullptr;
    orc::chat::ChatStream stream{[this](std::string_view line) {
      if (attempt != nullptr) attempt->AppendLog(line);
    }};
  };
  auto reading = std::make_shared<Reading>();
  attempt.SendHttp(
      question.call,
      [reading, host = host_, shown = service::ShownCall(question.call), is_plain = question.is_plain](Attempt answered,
                                                                                                       const HttpResponse& response) {
        reading->attempt = &answered;
        reading->stream.Finish();
        const int64_t now_us = host.NowUs();
        // What is no stream may be the text of an error, or a service that doesn't stream.
        const bool is_stream = reading->stream.any() || !response.answered();
        answered.Complete(is_stream  ? EndStream(reading->stream, response, shown, now_us)
                          : is_plain ? service::ToResult(response, shown, now_us)
                                     : ToAnswer(response, shown, now_us));
      },
      [reading](const Attempt& running, std::string_view piece) {
        reading->attempt = &running;
        reading->stream.Feed(piece);
      });
}

orchestrator::Result AiRouterChat::ToAnswer(const HttpResponse& response, const std::string& shown, int64_t now_us) {
  orchestrator::Result result = service::ToResult(response, shown, now_us);
  if (result.outcome != orchestrator::Outcome::kSucceeded) return result;
  const auto answer = orc::ParseJson(result.output);
  if (!orc::IsUtf8(response.body())) {
    service::MakeInvalid(result, shown, "a chat completion (a JSON object) is expected, found bytes that are no UTF-8 text");
  } else if (!answer.ok() || !answer->is_object()) {
    service::MakeInvalid(result, shown,
                         "a chat completion (a JSON object) is expected, found " + orc::DescribeJson(answer.ok() ? *answer : orc::Json()));
  } else if (const orc::Json* error = orc::Find(*answer, "error");
             error != nullptr && !error->is_null() && orc::Find(*answer, "choices") == nullptr) {
    const auto message = orc::StringAt(*error, "message", error->is_string() ? std::string_view(error->get_string()) : "it says no more");
    service::MakeInvalid(result, shown, "the service answered with an error: " + std::string(message));
  }
  return result;
}

orchestrator::Result AiRouterChat::EndStream(const orc::chat::ChatStream& stream, const HttpResponse& response, const std::string& shown,
                                             int64_t now_us) {
  orchestrator::Result result = service::ToResultWithoutBody(response, shown, now_us);
  if (stream.any()) result.output = orc::PrintJson(stream.Answer());
  if (result.outcome != orchestrator::Outcome::kSucceeded) return result;
  if (const std::string fault = stream.fault(); !fault.empty()) {
    service::MakeInvalid(result, shown, fault);
    if (stream.is_cut()) result.error_code = "network";
    result.outcome = orchestrator::Outcome::kFailedRetryable;
  }
  return result;
}

}  // namespace

ORCHESTRATOR_PLUGIN("ai_router_chat", "1.0.0", "Apache-2.0", "Chat completions of language models.", AiRouterChat)
