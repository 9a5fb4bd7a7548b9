#include "api/request.h"

#include <algorithm>
#include <array>
#include <utility>

namespace orc {
namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> kMethods{{{"GET", Method::kGet},
                                                                       {"HEAD", Method::kHead},
                                                                       {"POST", Method::kPost},
                                                                       {"PUT", Method::kPut},
                                                                       {"PATCH", Method::kPatch},
                                                                       {"DELETE", Method::kDelete},
                                                                       {"OPTIONS", Method::kOptions}}};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view ToText(Method method) {
  for (const auto& [text, value] : kMethods) {
    if (value == method) return text;
  }
  return {};
}

Method ParseMethod(std::string_view text) {
  for (const auto& [name, value] : kMethods) {
    if (name == text) return value;
  }
  return Method::kUnknown;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Lower(a[i]) != Lower(b[i])) return false;
  }
  return true;
}

std::string_view Request::query() const {
  const size_t mark = target().find('?');
  return mark == std::string_view::npos ? std::string_view() : target().substr(mark + 1);
}

std::string_view Request::Header(std::string_view name) const {
  for (const Field& field : fields) {
    if (EqualsIgnoringCase(NameOf(field), name)) return ValueOf(field);
  }
  return {};
}

size_t Request::Count(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const Field& field) { return EqualsIgnoringCase(NameOf(field), name); }));
}

}  // namespace orc
