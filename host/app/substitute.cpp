#include "app/substitute.h"

#include <cctype>
#include <cstdlib>

namespace orc {
namespace {

bool IsVariableName(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  for (const char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  }
  return true;
}

Error Fault(std::string message) { return Error{.code = ErrorCode::kInvalid, .message = std::move(message)}; }

/// `inside` is what stands between `${` and `}`.
Result<std::string> LookUp(std::string_view inside, const Environment& environment) {
  const size_t split = inside.find(":-");
  const std::string name(inside.substr(0, split));
  if (!IsVariableName(name)) {
    return Fault("\"${" + std::string(inside) + "}\" names no environment variable, expected ${NAME} or ${NAME:-default}");
  }
  const std::optional<std::string> value = environment(name);
  if (split != std::string_view::npos) return value && !value->empty() ? *value : std::string(inside.substr(split + 2));
  if (value) return *value;
  return Fault("the environment variable " + name + " is not set, expected a value for it or a default: ${" + name + ":-default}");
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
}

Result<std::string> Substitute(std::string_view text, const Environment& environment) {
  std::string out;
  size_t at = 0;
  while (true) {
    const size_t begin = text.find("${", at);
    if (begin == std::string_view::npos) break;
    if (begin > at && text[begin - 1] == '$') {  // $${ is a literal ${
      out.append(text.substr(at, begin - 1 - at)).append("${");
      at = begin + 2;
      continue;
    }
    const size_t end = text.find('}', begin);
    if (end == std::string_view::npos) return Fault("\"${\" has no closing \"}\"");
    ORC_ASSIGN_OR_RETURN(const std::string value, LookUp(text.substr(begin + 2, end - begin - 2), environment));
    out.append(text.substr(at, begin - at)).append(value);
    at = end + 1;
  }
  return out.append(text.substr(at));
}

}  // namespace orc
