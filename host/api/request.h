// One request as it was read: whole, framed and within the limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/target.h"

namespace orc {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kUnknown };

/// Names and values are kept as places in `head`, so that a request costs one allocation however many headers it has.
struct Request {
  struct Field {
    uint32_t name_at = 0;
    uint32_t name_size = 0;
    uint32_t value_at = 0;
    uint32_t value_size = 0;
  };

  Method method = Method::kUnknown;
  bool keep_alive = true;
  std::string head;  // the raw head, with its last empty line
  Field line;        // name: the method, value: the request target
  std::vector<Field> fields;
  std::string body;

  std::string_view target() const { return OriginForm(ValueOf(line)); }
  /// The target up to its "?", as it was sent (percent-encoded).
  std::string_view path() const { return target().substr(0, target().find('?')); }
  /// What follows the "?", or "".
  std::string_view query() const;
  /// The value of the first header of that name (any case), without the spaces around it; null data when there is none.
  std::string_view Header(std::string_view name) const;

  /// How many headers of that name there are.
  size_t Count(std::string_view name) const;

  std::string_view NameOf(const Field& field) const { return std::string_view(head).substr(field.name_at, field.name_size); }
  std::string_view ValueOf(const Field& field) const { return std::string_view(head).substr(field.value_at, field.value_size); }
};

/// "GET", …; "" for kUnknown.
std::string_view ToText(Method method);
Method ParseMethod(std::string_view text);

/// ASCII only; what header names and media types need.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

}  // namespace orc
