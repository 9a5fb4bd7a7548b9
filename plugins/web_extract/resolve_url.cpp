#include "resolve_url.h"

#include <cctype>
#include <vector>

#include "service/url.h"

namespace orc::extract {
namespace {

constexpr size_t kMaxReference = 16u << 10;

std::string Cleaned(std::string_view reference) {
  const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!reference.empty() && is_space(reference.front())) reference.remove_prefix(1);
  while (!reference.empty() && is_space(reference.back())) reference.remove_suffix(1);
  std::string out;
  for (const char c : reference.substr(0, reference.find('#'))) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    out += c == '\\' ? '/' : c;
  }
  return out;
}

/// The length of "scheme" in "scheme:rest"; 0 when there is none.
size_t SchemeSize(std::string_view text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return i;
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '+' && c != '-' && c != '.') return 0;
  }
  return 0;
}

std::string WithoutDotSegments(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_slash = false;
  for (size_t begin = 1; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    ends_in_slash = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    begin = end + 1;
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  if (ends_in_slash || out.empty()) out += '/';
  return out;
}

std::string Checked(const std::string& url) {
  auto checked = service::CheckUrl(url);
  return checked.ok() ? std::move(checked).value() : std::string();
}

}  // namespace

std::string ResolveUrl(std::string_view base, std::string_view reference) {
  if (reference.size() > kMaxReference) return {};
  std::string target = Cleaned(reference);
  const size_t scheme = base.find("://");
  if (scheme == std::string_view::npos) return {};
  if (const size_t own = SchemeSize(target); own > 0) {
    if (target.compare(own, 3, "://") != 0) return {};  // mailto:, javascript:, data: …
  } else if (target.starts_with("//")) {
    target.insert(0, base.substr(0, scheme + 1));
  } else {
    const size_t path_at = std::min(base.find('/', scheme + 3), base.size());
    const std::string_view path = base.substr(path_at, base.find('?', path_at) - path_at);
    if (target.empty()) return Checked(std::string(base));
    if (target.starts_with('?')) {
      target.insert(0, path);
    } else if (!target.starts_with('/')) {
      target.insert(0, path.substr(0, path.rfind('/') + 1));
      if (!target.starts_with('/')) target.insert(0, 1, '/');
    }
    target.insert(0, base.substr(0, path_at));
  }
  const size_t path_at = target.find('/', target.find("://") + 3);
  if (path_at == std::string::npos) return Checked(target);
  const size_t query_at = std::min(target.find('?', path_at), target.size());
  if (target.find('?') < path_at) return Checked(target);
  return Checked(target.substr(0, path_at) + WithoutDotSegments(std::string_view(target).substr(path_at, query_at - path_at)) +
                 target.substr(query_at));
}

}  // namespace orc::extract
