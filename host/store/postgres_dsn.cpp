#include "store/postgres_dsn.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace orc {
namespace {

Error Bad(std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; }

/// A URL by its parts, still encoded.
struct UrlParts {
  std::string_view user_info;  // up to the '@'
  std::string_view hosts;      // with ports
  std::string_view path;       // the database, without '/'
  std::string_view query;
};

std::string_view TakeUpTo(std::string_view& rest, std::string_view ends) {
  const size_t end = std::min(rest.find_first_of(ends), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end);
  return part;
}

Result<UrlParts> Split(std::string_view url) {
  std::string_view rest = url.substr(url.find("://") + 3);
  UrlParts parts;
  parts.hosts = TakeUpTo(rest, "/?");
  const size_t at = parts.hosts.rfind('@');
  const size_t late_at = at == std::string_view::npos ? rest.substr(0, rest.find('=')).find('@') : std::string_view::npos;
  if (parts.hosts.find('@') != at || late_at != std::string_view::npos) {
    return Bad("the user or the password holds a character that must be percent-encoded there: / as %2F, ? as %3F, # as %23, @ as %40");
  }
  if (at != std::string_view::npos) {
    parts.user_info = parts.hosts.substr(0, at);
    parts.hosts.remove_prefix(at + 1);
  }
  if (rest.starts_with('/')) {
    rest.remove_prefix(1);
    parts.path = TakeUpTo(rest, "?");
  }
  if (rest.starts_with('?')) parts.query = rest.substr(1);
  return parts;
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

Result<void> CheckEncoding(std::string_view text, std::string_view name) {
  for (size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    const bool is_whole = i + 2 < text.size() && IsHex(text[i + 1]) && IsHex(text[i + 2]);
    if (!is_whole) return Bad("a % in the " + std::string(name) + " is not followed by two hex digits; a % itself is written %25");
    if (text.substr(i, 3) == "%00") return Bad("the " + std::string(name) + " holds %00, which PostgreSQL can't take");
  }
  return {};
}

/// The port of one `host:port`, "" when there is none.
Result<std::string_view> PortOf(std::string_view host) {
  size_t colon = host.rfind(':');
  if (host.starts_with('[')) {
    const size_t end = host.find(']');
    if (end == std::string_view::npos) return Bad("an IPv6 address has no closing ]");
    const std::string_view tail = host.substr(end + 1);
    if (!tail.empty() && !tail.starts_with(':')) return Bad("after the ] of an IPv6 address only :PORT may stand");
    colon = tail.empty() ? std::string_view::npos : end + 1;
  } else if (host.find(':') != colon) {
    return Bad("a host holds two colons; an IPv6 address stands in brackets, as in [::1]:5432");
  }
  return colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
}

bool IsNumber(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

Result<void> CheckPorts(std::string_view list, std::string_view advice) {
  while (!list.empty()) {
    const std::string_view port = TakeUpTo(list, ",");
    if (!list.empty()) list.remove_prefix(1);
    if (!port.empty() && !IsNumber(port, 1, 65535)) return Bad("a port is no number from 1 to 65535" + std::string(advice));
  }
  return {};
}

Result<void> CheckHosts(const UrlParts& parts) {
  std::string_view rest = parts.hosts;
  while (!rest.empty()) {
    ORC_ASSIGN_OR_RETURN(const std::string_view port, PortOf(TakeUpTo(rest, ",")));
    if (!rest.empty()) rest.remove_prefix(1);
    // It may be a password that was cut off at a character of its own: it is not shown.
    ORC_RETURN_IF_ERROR(CheckPorts(port, "; if that is a part of the password, write its / as %2F, ? as %3F, # as %23, @ as %40"));
  }
  return {};
}

template <size_t N>
Result<void> CheckChoice(const PostgresDsn& dsn, std::string_view keyword, const std::array<std::string_view, N>& choices) {
  const std::string_view value = dsn.Get(keyword);
  if (value.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
  std::string message = std::string(keyword) + " is \"" + std::string(value) + "\", expected one of";
  for (const std::string_view choice : choices) message += " " + std::string(choice);
  return Bad(std::move(message));
}

// libpq itself looks at these when it connects: that would be the first start, and not --check-config.
Result<void> CheckValues(const PostgresDsn& dsn) {
  constexpr std::array<std::string_view, 6> kSslModes = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  constexpr std::array<std::string_view, 6> kTargets = {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"};
  ORC_RETURN_IF_ERROR(CheckChoice(dsn, "sslmode", kSslModes));
  ORC_RETURN_IF_ERROR(CheckChoice(dsn, "target_session_attrs", kTargets));
  ORC_RETURN_IF_ERROR(CheckPorts(dsn.Get("port"), ""));
  const std::string_view timeout = dsn.Get("connect_timeout");
  if (!timeout.empty() && !IsNumber(timeout, 0, 1'000'000)) return Bad("connect_timeout is no number of seconds");
  const std::string_view encoding = dsn.Get("client_encoding");
  if (!encoding.empty() && encoding != "UTF8" && encoding != "utf8" && encoding != "UTF-8") return Bad("client_encoding must be UTF8");
  return {};
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

}  // namespace

bool PostgresDsn::IsOne(std::string_view text) { return text.starts_with("postgres://") || text.starts_with("postgresql://"); }

Result<PostgresDsn> PostgresDsn::Parse(const std::string& url) {
  if (!IsOne(url)) return Bad("it does not begin with postgres://");
  ORC_ASSIGN_OR_RETURN(const UrlParts parts, Split(url));
  ORC_RETURN_IF_ERROR(CheckEncoding(parts.user_info, "user or password"));
  ORC_RETURN_IF_ERROR(CheckEncoding(parts.hosts, "host"));
  ORC_RETURN_IF_ERROR(CheckEncoding(parts.path, "name of the database"));
  ORC_RETURN_IF_ERROR(CheckEncoding(parts.query, "query"));
  ORC_RETURN_IF_ERROR(CheckHosts(parts));
  char* fault = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &fault));
  if (!options) {
    // Its messages hold the whole URL, but for this one.
    std::string message = fault != nullptr ? fault : "";
    PQfreemem(fault);
    while (message.ends_with('\n')) message.pop_back();
    if (message.starts_with("invalid URI query parameter")) return Bad(message + "; those of libpq are known, such as sslmode");
    return Bad("it can't be read, expected postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE");
  }
  PostgresDsn dsn;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') dsn.values_.emplace_back(option->keyword, option->val);
  }
  ORC_RETURN_IF_ERROR(CheckValues(dsn));
  return dsn;
}

std::string_view PostgresDsn::Get(std::string_view keyword) const {
  for (const auto& [name, value] : values_) {
    if (name == keyword) return value;
  }
  return {};
}

void PostgresDsn::SetDefault(std::string_view keyword, std::string value) {
  if (Get(keyword).empty()) values_.emplace_back(keyword, std::move(value));
}

void PostgresDsn::Set(std::string_view keyword, std::string value) {
  std::erase_if(values_, [keyword](const auto& entry) { return entry.first == keyword; });
  values_.emplace_back(keyword, std::move(value));
}

std::string PostgresDsn::ToConninfo() const {
  std::string text;
  for (const auto& [keyword, value] : values_) {
    text += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "' ";
  }
  return text;
}

std::string PostgresDsn::ToShow() const {
  std::string text = "postgres://";
  if (!Get("user").empty()) text.append(Get("user")).append("@");
  text.append(!Get("host").empty() ? Get("host") : Get("hostaddr"));
  if (!Get("port").empty()) text.append(":").append(Get("port"));
  return text.append("/").append(Get("dbname"));
}

}  // namespace orc
