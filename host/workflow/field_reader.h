// Reads the fields of one object of a definition.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "workflow/policies.h"

namespace orc {

/// What does not fit becomes a problem, and the field keeps its default. Absent and null mean the same.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string pointer, std::vector<Problem>& problems)
      : object_(object), pointer_(std::move(pointer)), problems_(problems) {}

  int64_t Int(std::string_view field, int64_t fallback, int64_t least, int64_t most);
  double Real(std::string_view field, double fallback, double least, double most);
  bool Bool(std::string_view field, bool fallback);
  std::string Text(std::string_view field);
  std::vector<std::string> Texts(std::string_view field);
  /// One of `choices`: its index; `fallback` otherwise.
  size_t Choice(std::string_view field, size_t fallback, const std::vector<std::string>& choices);
  /// The member when it is an object (or a list); null when it is absent, or (a problem) something else.
  const Json* Object(std::string_view field);
  const Json* List(std::string_view field);
  /// Bare CEL, or one `{{ … }}` around it.
  CompiledExpression Expression(std::string_view field);

  /// The member, or null when it is absent or null.
  const Json* Given(std::string_view field) const;
  std::string PointerTo(std::string_view field) const { return Pointer(pointer_, field); }
  void Fault(std::string_view field, std::string detail) { problems_.push_back({PointerTo(field), std::move(detail)}); }

 private:
  const Json& object_;
  const std::string pointer_;
  std::vector<Problem>& problems_;
};

/// The source of a field of CEL: as it is written, or what is inside of the one `{{ … }}` that it is.
std::string BareExpression(std::string_view text);

}  // namespace orc
