#include "html_metadata.h"

#include <algorithm>
#include <cctype>

#include "resolve_url.h"

namespace orc::extract {
namespace {

constexpr size_t kMaxValue = 2000;
constexpr size_t kMaxOpenGraph = 50;

struct Meaning {
  std::string_view meta;  // name or property, in lower case
  std::string_view key;
};
constexpr Meaning kMeanings[] = {
    {"description", "description"},    {"author", "author"},
    {"article:author", "author"},      {"dc.creator", "author"},
    {"keywords", "keywords"},          {"article:published_time", "published_at"},
    {"date", "published_at"},          {"dc.date", "published_at"},
    {"publish-date", "published_at"},  {"pubdate", "published_at"},
    {"datepublished", "published_at"}, {"og:site_name", "site_name"},
    {"application-name", "site_name"}, {"robots", "robots"},
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

void PutFirst(JsonObject& object, std::string_view key, std::string_view value) {
  if (!value.empty() && !object.contains(key)) object.emplace(key, value);
}

void ReadMeta(const xmlNode* node, JsonObject& metadata, JsonObject& open_graph) {
  std::string name = Attribute(node, "property");
  if (name.empty()) name = Attribute(node, "name");
  if (name.empty()) name = Attribute(node, "itemprop");
  name = Lower(Folded(name, 200));
  const std::string content = Folded(Attribute(node, "content"), kMaxValue);
  for (const auto& [meta, key] : kMeanings) {
    if (name == meta) PutFirst(metadata, key, content);
  }
  if (name.starts_with("og:") && open_graph.size() < kMaxOpenGraph) PutFirst(open_graph, name.substr(3), content);
}

void ReadElement(const xmlNode* node, std::string_view base, JsonObject& metadata, JsonObject& open_graph) {
  const auto name = NameOf(node);
  if (name == "html") {
    PutFirst(metadata, "language", Folded(Attribute(node, "lang"), 100));
  } else if (name == "meta") {
    ReadMeta(node, metadata, open_graph);
  } else if (name == "link" && Lower(Attribute(node, "rel")) == "canonical") {
    PutFirst(metadata, "canonical", ResolveUrl(base, Attribute(node, "href")));
  } else if (name == "time" && (HasAttribute(node, "pubdate") || Lower(Attribute(node, "itemprop")) == "datepublished")) {
    PutFirst(metadata, "published_at", Folded(Attribute(node, "datetime"), 100));
  }
}

/// The text of the first element of that name outside of pictures.
std::string FirstText(xmlNode* root, std::string_view name) {
  std::string text;
  bool found = false;
  Walk(root, [&](xmlNode* node) {
    if (found || IsElement(node, "svg")) return false;
    if (!IsElement(node, name)) return true;
    Walk(node, [&](xmlNode* inner) {
      if (text.size() < 4 * kMaxValue) text.append(TextOf(inner).substr(0, 4 * kMaxValue));
      return text.size() < 4 * kMaxValue;
    });
    text = Folded(text, kMaxValue);
    found = !text.empty();
    return false;
  });
  return text;
}

}  // namespace

JsonObject Metadata(xmlNode* root, std::string_view base) {
  JsonObject metadata;
  JsonObject open_graph;
  Walk(root, [&](xmlNode* node) {
    ReadElement(node, base, metadata, open_graph);
    return true;
  });
  if (const Json* description = open_graph.if_contains("description"); description != nullptr && !metadata.contains("description")) {
    metadata["description"] = *description;
  }
  if (!open_graph.empty()) metadata["og"] = std::move(open_graph);
  return metadata;
}

std::string Title(xmlNode* root, const JsonObject& metadata) {
  if (std::string title = FirstText(root, "title"); !title.empty()) return title;
  if (const Json* open_graph = metadata.if_contains("og")) {
    if (const auto title = StringAt(*open_graph, "title"); !title.empty()) return std::string(title);
  }
  return FirstText(root, "h1");
}

}  // namespace orc::extract
