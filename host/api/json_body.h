// JSON bodies of requests: read, and their fields taken with precise errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/request.h"
#include "base/json.h"

namespace orc {

/// True when the media type says JSON ("application/json", "…+json", with or without parameters) or is absent.
bool IsJsonType(std::string_view content_type);

/// The body as a JSON object. kUnreadable with line and column, kInvalid when it is something else than an object.
Result<Json> ReadJsonBody(const Request& request);
/// The same, but an empty body is an empty object.
Result<Json> ReadOptionalJsonBody(const Request& request);

/// Takes the known fields of an object; what does not fit is collected, so that all of it is told at once.
class BodyFields {
 public:
  /// `body` must be an object and outlive this. Every other field is a warning with the nearest of `known`.
  BodyFields(const Json& body, std::vector<std::string> known);

  /// "" when absent.
  std::string Text(std::string_view name);
  std::optional<int64_t> Int(std::string_view name, int64_t min, int64_t max);
  /// Null when absent.
  const Json* Object(std::string_view name);
  /// The field's JSON text, or "" when absent.
  std::string AnyText(std::string_view name);
  void Problem(std::string_view name, std::string detail);
  /// A problem too, unless the field is there and of a wrong type: then that was said.
  void Missing(std::string_view name, std::string expected);

  /// kInvalid with every problem so far, in the order of the body.
  Result<void> Verdict() const;
  const std::vector<orc::Problem>& warnings() const { return warnings_; }

 private:
  const Json* Get(std::string_view name) const { return Find(body_, name); }
  void WrongType(std::string_view name, const Json& found, std::string_view expected);

  const Json& body_;
  std::vector<orc::Problem> problems_;
  std::vector<orc::Problem> warnings_;
};

}  // namespace orc
