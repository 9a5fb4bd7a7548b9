#include "html_links.h"

#include <unordered_set>

#include "resolve_url.h"

namespace orc::extract {
namespace {

constexpr size_t kMaxText = 300;
constexpr size_t kMaxNodes = 1000;  // of one link: broken pages leave them open

std::string LinkText(xmlNode* link) {
  std::string text;
  std::string picture;
  size_t nodes = 0;
  Walk(link, [&](xmlNode* node) {
    if (++nodes > kMaxNodes || text.size() > 4 * kMaxText) return false;
    if (IsElement(node, "script") || IsElement(node, "style") || IsElement(node, "svg")) return false;
    if (picture.empty() && IsElement(node, "img")) picture = Attribute(node, "alt");
    if (node->type == XML_ELEMENT_NODE) text += ' ';
    text += TextOf(node).substr(0, 4 * kMaxText);
    return true;
  });
  for (const std::string& candidate : {text, Attribute(link, "aria-label"), Attribute(link, "title"), picture}) {
    if (std::string folded = Folded(candidate, kMaxText); !folded.empty()) return folded;
  }
  return {};
}

}  // namespace

std::string BaseOf(xmlNode* root, std::string_view page_url) {
  std::string base(page_url);
  bool found = false;
  Walk(root, [&](xmlNode* node) {
    if (found || IsElement(node, "body")) return false;
    if (IsElement(node, "base") && HasAttribute(node, "href")) {
      found = true;
      const std::string resolved = ResolveUrl(page_url, Attribute(node, "href"));
      if (!resolved.empty()) base = resolved;
    }
    return true;
  });
  return base;
}

std::vector<Link> Links(xmlNode* root, std::string_view base, size_t max_links) {
  std::vector<Link> links;
  std::unordered_set<std::string> seen;
  seen.insert(ResolveUrl(base, ""));
  Walk(root, [&](xmlNode* node) {
    if (links.size() >= max_links) return false;
    if (!IsElement(node, "a") && !IsElement(node, "area")) return true;
    if (!HasAttribute(node, "href")) return true;
    std::string url = ResolveUrl(base, Attribute(node, "href"));
    if (!url.empty() && seen.insert(url).second) links.push_back({std::move(url), LinkText(node)});
    return true;
  });
  return links;
}

}  // namespace orc::extract
