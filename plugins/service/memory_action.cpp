#include "service/memory_action.h"

#include "service/answer.h"
#include "service/call.h"
#include "service/url.h"

namespace orc::service {
namespace {

/// For a service that is asked by GET: what the URL does not name already.
void AddAsQuery(std::string& url, const JsonObject& payload) {
  for (const auto& field : payload) {
    if (HasQuery(url, field.key()) || field.value().is_null()) continue;
    const bool is_text = field.value().is_string();
    url = AddQuery(std::move(url), field.key(), is_text ? std::string(field.value().get_string()) : PrintJson(field.value()));
  }
}

}  // namespace

MemoryAction::MemoryAction(const orchestrator::Host& host, std::string_view config, std::string_view default_path)
    : host_(host), settings_(Settings::Read(config, default_path)) {}

void MemoryAction::Start(orchestrator::Attempt attempt, const orchestrator::Request& request) {
  const auto call = Build(request);
  if (!call.ok()) return attempt.Fail("input_invalid", call.error().message);
  SendPlain(host_, std::move(attempt), *call);
}

Result<orchestrator::HttpRequest> MemoryAction::Build(const orchestrator::Request& request) const {
  ORC_ASSIGN_OR_RETURN(const JsonObject input, ReadInput(request.input));
  Target target;
  target.base_url_setting = "memarch.base_url";
  ORC_ASSIGN_OR_RETURN(orchestrator::HttpRequest call, BuildCall(input, settings_, target, request));
  if (HasOwnBody(input)) return call;
  JsonObject payload;
  const auto default_project = StringAt(settings_.all, "project_id");
  if (!input.contains("project_id") && !default_project.empty()) payload.emplace("project_id", default_project);
  for (const auto& field : Parameters(input)) payload.emplace(field.key(), field.value());
  if (call.method == "GET" || call.method == "HEAD") {
    AddAsQuery(call.url, payload);
  } else {
    SetJsonBody(call, payload);
  }
  return call;
}

}  // namespace orc::service
