// The action `web.search`: a search by SearXNG's JSON API.
#include <orchestrator/action.hpp>

#include "search_query.h"
#include "search_results.h"
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

struct Search {
  HttpRequest call;
  std::string query;  // "" when the step says in its own way what to search: then any answer will do
  size_t limit = 0;
};

class WebSearch {
 public:
  static constexpr orchestrator::ActionInfo kInfo{
      "web.search", "1.0.0", "Searches the web by a SearXNG instance.", kConfigSchema, kInputSchema, kOutputSchema, ORC_ACTION_IDEMPOTENT};

  WebSearch(const orchestrator::Host& host, std::string_view config) : host_(host), settings_(service::Settings::Read(config, "/search")) {}

  void Start(Attempt attempt, const orchestrator::Request& request) {
    const auto search = Build(request);
    if (!search.ok()) return attempt.Fail("input_invalid", search.error().message);
    if (search->query.empty()) return service::SendPlain(host_, std::move(attempt), search->call);
    attempt.SendHttp(search->call, [host = host_, shown = service::ShownCall(search->call), query = search->query, limit = search->limit](
                                       Attempt answered, const HttpResponse& response) {
      auto result = service::ToResult(response, shown, host.NowUs());
      if (result.outcome == orchestrator::Outcome::kSucceeded) ReadInto(result, answered, response, shown, query, limit);
      if (result.http_code == 403 && !result.error_code.empty()) {
        result.error_message += " (SearXNG answers 403 when \"json\" is not listed under search.formats in its settings.yml)";
      }
      answered.Complete(result);
    });
  }

 private:
  orc::Result<Search> Build(const orchestrator::Request& request) const {
    ORC_ASSIGN_OR_RETURN(const orc::JsonObject input, service::ReadInput(request.input));
    service::Target target;
    target.base_url_setting = "web.search.base_url";
    const bool is_plain = service::HasOwnBody(input);
    target.default_method = is_plain ? "POST" : "GET";
    Search search;
    ORC_ASSIGN_OR_RETURN(search.call, service::BuildCall(input, settings_, target, request));
    if (is_plain) return search;
    search.query = orc::search::QueryOf(input);
    search.limit = orc::search::LimitOf(input);
    if (!search.query.empty()) {
      ORC_ASSIGN_OR_RETURN(search.call.url, orc::search::AddSearch(std::move(search.call.url), input));
      service::SetDefaultHeader(search.call, "Accept", "application/json");
    } else if (!input.contains("url")) {
      return orc::Error{orc::ErrorCode::kInvalid, "input.query is missing or empty: say what to search"};
    }
    return search;
  }

  static void ReadInto(orchestrator::Result& result, const Attempt& attempt, const HttpResponse& response, const std::string& shown,
                       const std::string& query, size_t limit) {
    const auto results = orc::search::ReadResults(response.body(), response.Header("content-type"), query, limit);
    if (!results.ok()) return service::MakeInvalid(result, shown, results.error().message);
    result.output = orc::PrintJson(*results);
    if (const auto engines = orc::search::UnresponsiveEngines(*results); !engines.empty()) {
      attempt.AppendLog("these search engines did not answer: " + engines, orchestrator::Level::kWarn);
    }
  }

  orchestrator::Host host_;
  service::Settings settings_;
};

}  // namespace

ORCHESTRATOR_PLUGIN("web_search", "1.0.0", "Apache-2.0", "Web search by SearXNG.", WebSearch)
