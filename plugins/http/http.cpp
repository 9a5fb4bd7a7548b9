// The action `http`: one call, as the step describes it.
#include <orchestrator/action.hpp>

#include "service/answer.h"
#include "service/call.h"
#include "service/settings.h"

namespace {

namespace service = orc::service;

constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
    ;
constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
    ;
constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
    ;

class Http {
 public:
  static constexpr orchestrator::ActionInfo kInfo{
      "http", "1.0.0", "Calls any http or https URL; the answer's body is the output.", kConfigSchema, kInputSchema, kOutputSchema};

  Http(const orchestrator::Host& host, std::string_view config) : host_(host), settings_(service::Settings::Read(config)) {}

  void Start(orchestrator::Attempt attempt, const orchestrator::Request& request) {
    const auto call = Build(request);
    if (!call.ok()) return attempt.Fail("input_invalid", call.error().message);
    service::SendPlain(host_, std::move(attempt), *call);
  }

 private:
  orc::Result<orchestrator::HttpRequest> Build(const orchestrator::Request& request) const {
    ORC_ASSIGN_OR_RETURN(const orc::JsonObject input, service::ReadInput(request.input));
    service::Target target;
    target.takes_query = true;
    return service::BuildCall(input, settings_, target, request);
  }

  orchestrator::Host host_;
  service::Settings settings_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("http", "1.0.0", "Apache-2.0", "Plain HTTP calls.", Http)
