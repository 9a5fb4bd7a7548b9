// The action `scm.call`: a call to the source-control service.
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

class ScmCall {
 public:
  static constexpr orchestrator::ActionInfo kInfo{
      "scm.call",    "1.0.0",      "Calls the source-control service (Gitea, GitLab, GitHub and their like).",
      kConfigSchema, kInputSchema, kOutputSchema};

  ScmCall(const orchestrator::Host& host, std::string_view config) : host_(host), settings_(service::Settings::Read(config)) {}

  void Start(orchestrator::Attempt attempt, const orchestrator::Request& request) {
    const auto call = Build(request);
    if (!call.ok()) return attempt.Fail("input_invalid", call.error().message);
    service::SendPlain(host_, std::move(attempt), *call);
  }

 private:
  orc::Result<orchestrator::HttpRequest> Build(const orchestrator::Request& request) const {
    ORC_ASSIGN_OR_RETURN(const orc::JsonObject input, service::ReadInput(request.input));
    service::Target target;
    target.base_url_setting = "scm.base_url";
    target.takes_path = true;
    target.takes_query = true;
    return service::BuildCall(input, settings_, target, request);
  }

  orchestrator::Host host_;
  service::Settings settings_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("scm_call", "1.0.0", "Apache-2.0", "Calls to a source-control service.", ScmCall)
