#include "service/url.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "service/percent.h"

namespace orc::service {
namespace {

constexpr size_t kShown = 200;

Error Invalid(std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; }

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text.substr(0, kShown));
  return out;
}

/// The views of "scheme://authority/rest"; the scheme is empty when the text does not look like that.
struct Parts {
  std::string_view scheme;
  std::string_view authority;
  std::string_view rest;
};

Parts Split(std::string_view url) {
  const size_t colon = url.find(':');
  if (colon == std::string_view::npos || url.find_first_of("/?#") < colon) return {};
  Parts parts{url.substr(0, colon), {}, {}};
  url.remove_prefix(colon + 1);
  if (!url.starts_with("//")) return parts;
  url.remove_prefix(2);
  parts.authority = url.substr(0, url.find_first_of("/?#"));
  parts.rest = url.substr(parts.authority.size());
  return parts;
}

std::string_view WithoutCredentials(std::string_view authority) {
  const size_t at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

/// Whether some reader of the path might take a segment of it for "." or "..".
bool HasDotSegment(std::string_view path) {
  std::string plain = PercentDecode(path.substr(0, path.find('?')));
  std::replace(plain.begin(), plain.end(), '\\', '/');
  for (size_t begin = 0; begin <= plain.size();) {
    const size_t end = std::min(plain.find('/', begin), plain.size());
    const std::string_view segment = std::string_view(plain).substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

Result<std::string> CheckUrl(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), IsControl))
    return Invalid("the URL " + Quoted(ShownUrl(text)) + " contains a control character");
  const Parts parts = Split(text);
  const std::string scheme = Lower(parts.scheme);
  if (scheme.empty()) return Invalid("the URL " + Quoted(ShownUrl(text)) + " does not begin with http:// or https://");
  if (scheme != "http" && scheme != "https") {
    return Invalid("the URL " + Quoted(ShownUrl(text)) + " has the scheme " + Quoted(parts.scheme) + "; http or https is expected");
  }
  if (WithoutCredentials(parts.authority).empty()) return Invalid("the URL " + Quoted(ShownUrl(text)) + " names no host");
  if (parts.authority.find_first_of(" \"<>\\^`{|}") != std::string_view::npos) {
    return Invalid("the URL " + Quoted(ShownUrl(text)) + " has a character in its host that can't be there");
  }
  std::string rest = EncodeIllegal(parts.rest.substr(0, parts.rest.find('#')));
  if (!rest.starts_with('/')) rest.insert(0, 1, '/');
  return scheme + "://" + std::string(parts.authority) + rest;
}

Result<std::string> CheckBaseUrl(std::string_view text) {
  if (text.find_first_of("?#") != std::string_view::npos)
    return Invalid("the base URL " + Quoted(ShownUrl(text)) + " has a query or a fragment");
  ORC_ASSIGN_OR_RETURN(std::string url, CheckUrl(text));
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<std::string> JoinPath(std::string_view base, std::string_view path) {
  const auto refuse = [&](std::string_view why) { return Invalid("the path " + Quoted(path) + " " + std::string(why)); };
  if (std::any_of(path.begin(), path.end(), IsControl)) return refuse("contains a control character");
  if (path.starts_with("//")) return refuse("begins with two slashes");
  if (path.find('\\') != std::string_view::npos) return refuse("contains a backslash");
  if (path.substr(0, path.find_first_of("/?")).find(':') != std::string_view::npos && Split(path).authority.data() != nullptr) {
    return refuse("is a whole URL; give that as \"url\"");
  }
  if (HasDotSegment(path)) return refuse("has a \".\" or \"..\" segment");

  std::string_view base_query;
  if (const size_t mark = base.find('?'); mark != std::string_view::npos) {
    base_query = base.substr(mark + 1);
    base = base.substr(0, mark);
  }
  while (base.ends_with('/')) base.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  std::string encoded;
  for (const char c : path) {
    if (c == '#') {  // a name may contain it; a fragment would never be sent
      encoded += "%23";
    } else {
      encoded += c;
    }
  }
  std::string url = std::string(base);
  if (!encoded.starts_with('?')) url += '/';
  url += EncodeIllegal(encoded);
  if (!base_query.empty()) url.append(url.find('?') == std::string::npos ? "?" : "&").append(base_query);
  return url;
}

std::string AddQuery(std::string url, std::string_view name, std::string_view value) {
  const size_t mark = url.find('?');
  if (mark == std::string::npos) {
    url += '?';
  } else if (mark + 1 < url.size() && url.back() != '&') {
    url += '&';
  }
  return std::move(url) + PercentEncode(name) + "=" + PercentEncode(value);
}

bool HasQuery(std::string_view url, std::string_view name) {
  const size_t mark = url.find('?');
  if (mark == std::string_view::npos) return false;
  std::string_view query = url.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    if (PercentDecode(pair.substr(0, pair.find('='))) == name) return true;
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
  }
  return false;
}

std::string OriginOf(std::string_view url) {
  const Parts parts = Split(url);
  const std::string scheme = Lower(parts.scheme);
  std::string host = Lower(WithoutCredentials(parts.authority));
  if (host.empty() || (scheme != "http" && scheme != "https")) return {};
  const std::string_view default_port = scheme == "http" ? ":80" : ":443";
  if (host.ends_with(default_port)) host.erase(host.size() - default_port.size());
  return scheme + "://" + host;
}

std::string ShownUrl(std::string_view url) {
  const Parts parts = Split(url);
  if (parts.authority.empty()) return std::string(WithoutCredentials(url.substr(0, url.find_first_of("?#"))).substr(0, kShown));
  std::string shown = std::string(parts.scheme) + "://" + std::string(WithoutCredentials(parts.authority));
  shown += parts.rest.substr(0, parts.rest.find_first_of("?#"));
  if (shown.size() > kShown) shown = shown.substr(0, kShown) + "...";
  return shown;
}

}  // namespace orc::service
