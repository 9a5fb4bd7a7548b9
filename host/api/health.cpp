#include "api/answers.h"
#include "api/handlers.h"

namespace orc {
namespace {

const Response& Alive() {
  static const Response alive = JsonResponse(200, R"({"status":"ok"})");
  return alive;
}

}  // namespace

const Response* QuickAnswer(const Request& request) {
  if (request.method != Method::kGet && request.method != Method::kHead) return nullptr;
  return request.path() == "/healthz" ? &Alive() : nullptr;
}

Answer GetHealth(Call&) { return Alive(); }

Answer GetReadiness(Call& call) {
  if (!call.context->is_ready) return Error{ErrorCode::kUnavailable, "the server is starting or draining"};
  if (const Result<int64_t> last = call.parts().store.LastEventId(); !last.ok()) {
    return Error{ErrorCode::kUnavailable, "the store does not answer: " + last.error().message};
  }
  if (const std::string trouble = call.parts().committer.GetStats().trouble; !trouble.empty()) {
    return Error{ErrorCode::kUnavailable, "the store takes no writes: " + trouble};
  }
  return JsonResponse(200, R"({"status":"ready"})");
}

Answer GetRoot(Call&) { return JsonResponse(200, R"({"name":"orchestrator","api":"/v1","health":"/healthz","ready":"/readyz"})"); }

}  // namespace orc
