#include "api/problem.h"

#include <array>

#include "base/json_writer.h"

namespace orc {
namespace {

struct Kind {
  int status;
  std::string_view slug;
  std::string_view title;
};
constexpr std::array<Kind, 17> kKinds{{
    {400, "unreadable", "The request can't be read"},
    {403, "forbidden", "This is not allowed"},
    {404, "not-found", "There is no such thing"},
    {405, "method-not-allowed", "The method is not allowed here"},
    {408, "timeout", "The request took too long to arrive"},
    {409, "conflict", "The state of the thing does not allow it"},
    {412, "precondition-failed", "The thing has changed"},
    {413, "too-large", "The request is too large"},
    {415, "unsupported-type", "The content type is not supported"},
    {417, "expectation-failed", "The expectation can't be met"},
    {422, "invalid", "The request breaks a rule"},
    {429, "too-many", "Too many requests"},
    {431, "head-too-large", "The head of the request is too large"},
    {500, "internal", "The server failed"},
    {501, "unknown-method", "The method is not known"},
    {503, "unavailable", "Not possible now; the same request may succeed later"},
    {505, "version", "The HTTP version is not supported"},
}};

const Kind& KindOf(int status) {
  for (const Kind& kind : kKinds) {
    if (kind.status == status) return kind;
  }
  return kKinds[13];
}

}  // namespace

int StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnreadable:
      return 400;
    case ErrorCode::kInvalid:
      return 422;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kUnsupportedType:
      return 415;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

void WriteProblems(JsonWriter& writer, std::string_view name, const std::vector<Problem>& problems) {
  writer.Key(name).BeginArray();
  for (const Problem& problem : problems) {
    writer.BeginObject().Field("pointer", std::string_view(problem.pointer)).Field("detail", std::string_view(problem.detail));
    if (problem.place) {
      writer.Field("expression", std::string_view(problem.place->source));
      writer.Field("line", problem.place->line).Field("column", problem.place->column);
    }
    if (!problem.suggestion.empty()) writer.Field("suggestion", std::string_view(problem.suggestion));
    writer.EndObject();
  }
  writer.EndArray();
}

Response ProblemOf(int status, const Error& error, std::string_view instance) {
  const Kind& kind = KindOf(status);
  JsonWriter writer;
  writer.BeginObject().Field("type", std::string_view("urn:orchestrator:problem:" + std::string(kind.slug)));
  writer.Field("title", kind.title).Field("status", static_cast<int64_t>(status)).Field("detail", std::string_view(error.message));
  if (!instance.empty()) writer.Field("instance", instance);
  if (!error.problems.empty()) WriteProblems(writer, "errors", error.problems);
  if (!error.warnings.empty()) WriteProblems(writer, "warnings", error.warnings);
  writer.EndObject();
  Response response{status, std::move(writer).text(), "application/problem+json", {}};
  if (status == 503 || status == 429) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response ProblemOf(const Error& error, std::string_view instance) { return ProblemOf(StatusOf(error.code), error, instance); }

Response ProblemOf(int status, std::string_view detail, std::string_view instance) {
  return ProblemOf(status, Error{.message = std::string(detail)}, instance);
}

}  // namespace orc
