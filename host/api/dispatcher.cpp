#include "api/dispatcher.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "api/json_body.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/utf8.h"

namespace orc {
namespace {

Answer NoRoute(const Request& request, const RouteMatch& match) {
  if (request.method == Method::kUnknown) {
    const std::string method(request.NameOf(request.line));
    return ProblemOf(501, "the method " + method + " is not known", request.path());
  }
  if (match.allowed.empty()) return Error{ErrorCode::kNotFound, "there is nothing at " + std::string(request.path())};
  const std::string detail = std::string(ToText(request.method)) + " is not possible here; possible: " + match.allowed;
  return ProblemOf(405, detail, request.path()).With("Allow", match.allowed);
}

Result<void> CheckBodyKind(const Request& request, BodyKind kind) {
  const std::string_view coding = request.Header("Content-Encoding");
  if (!request.body.empty() && !coding.empty() && !EqualsIgnoringCase(coding, "identity")) {
    return Error{ErrorCode::kUnsupportedType,
                 "Content-Encoding: found \"" + std::string(coding) + "\", expected none: send the body as it is"};
  }
  const bool wants_json = kind == BodyKind::kJson || (kind == BodyKind::kOptionalJson && !request.body.empty());
  const std::string_view type = request.Header("Content-Type");
  if (!wants_json || IsJsonType(type)) return {};
  return Error{ErrorCode::kUnsupportedType, "Content-Type: found \"" + std::string(type) + "\", expected application/json"};
}

Error UnknownParameter(const std::string& name, const Route& route) {
  std::istringstream words{std::string(route.query)};
  const std::vector<std::string> known{std::istream_iterator<std::string>(words), {}};
  std::string detail = "the query parameter \"" + Shortened(name, 80) + "\" is not known here" + DidYouMean(name, known);
  for (size_t i = 0; i < known.size(); ++i) detail += (i == 0 ? "; known: " : ", ") + known[i];
  return Error{ErrorCode::kUnreadable, std::move(detail)};
}

/// Whether `name` is one of the words.
bool HasWord(std::string_view words, std::string_view name) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (word == name) return true;
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return false;
}

/// A filter whose name is misspelt would silently give everything.
Result<void> CheckQuery(const Query& query, const Route& route) {
  if (route.query == kAnyQuery) return {};
  for (const auto& [name, value] : query.items()) {
    if (!HasWord(route.query, name)) return UnknownParameter(name, route);
  }
  return {};
}

Answer Handle(const ContextPtr& context, const CompletionPtr& completion) {
  const Request& request = completion->request();
  RouteMatch match = FindRoute(Routes(), request.method, request.path());
  if (!match.route) return NoRoute(request, match);
  ORC_RETURN_IF_ERROR(CheckBodyKind(request, match.route->body));
  Call call{context, completion, Query(request.query()), std::move(match.params)};
  ORC_RETURN_IF_ERROR(CheckQuery(call.query, *match.route));
  return match.route->handle(call);
}

Answer HandleSafely(const ContextPtr& context, const CompletionPtr& completion) {
  std::string what = "an exception of unknown type";
  try {
    return Handle(context, completion);
  } catch (const Poco::Exception& e) {
    what = e.displayText();
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
  }
  // Not shown to the client: it may say more about the machine than a stranger should know.
  LogError("a handler failed", {{"path", completion->request().path()}, {"error", what}});
  return Error{ErrorCode::kInternal, "the server failed; its log says why"};
}

}  // namespace

void Dispatch(const ContextPtr& context, const CompletionPtr& completion) {
  Answer answer = HandleSafely(context, completion);
  if (auto* response = std::get_if<Response>(&answer)) {
    completion->Send(*response);
  } else if (auto* error = std::get_if<Error>(&answer)) {
    completion->Fail(*error);
  } else if (auto* pending = std::get_if<Pending>(&answer)) {
    completion->DropBody();
    completion->Park(pending->deadline_us, std::move(pending->on_end));
  } else {
    auto& start = std::get<StreamStart>(answer);
    context->streams.Open(std::move(start.key), start.position, *completion);
  }
}

}  // namespace orc
