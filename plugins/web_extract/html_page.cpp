#include "html_page.h"

#include "charset.h"
#include "html_document.h"
#include "html_links.h"
#include "html_metadata.h"
#include "html_text.h"

namespace orc::extract {
namespace {

enum class Kind { kHtml, kText, kOther };

Kind KindOf(std::string_view body, const std::string& media_type) {
  if (media_type == "text/html" || media_type == "application/xhtml+xml") return Kind::kHtml;
  if (media_type == "text/plain") return Kind::kText;
  const size_t begin = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return media_type.empty() && begin != std::string_view::npos && body[begin] == '<' ? Kind::kHtml : Kind::kOther;
}

/// The first `max_chars` characters.
std::string Cut(std::string_view text, size_t max_chars, bool& truncated) {
  size_t chars = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (chars++ == max_chars) {
      truncated = true;
      return std::string(text.substr(0, i));
    }
  }
  return std::string(text);
}

void ReadHtml(std::string_view html, const std::string& url, const PageOptions& options, JsonObject& page) {
  const HtmlDocument document = HtmlDocument::Parse(html);
  xmlNode* root = document.root();
  if (root == nullptr) return;
  const std::string base = BaseOf(root, url);
  JsonObject metadata = Metadata(root, base);
  page["title"] = Title(root, metadata);
  const PageText text = MainText(root, options.max_chars);
  page["text"] = text.text;
  page["truncated"] = text.truncated || document.is_cut();
  JsonArray links;
  for (const Link& link : Links(root, base, options.max_links)) links.push_back({{"url", link.url}, {"text", link.text}});
  page["links"] = std::move(links);
  page["metadata"] = std::move(metadata);
}

}  // namespace

Result<Json> ReadPage(std::string_view body, std::string_view content_type, const std::string& url, const PageOptions& options) {
  const std::string media_type = MediaType(content_type);
  const Kind kind = KindOf(body, media_type);
  if (kind == Kind::kOther) {
    std::string found = media_type.empty() ? "no Content-Type" : "the Content-Type \"" + ToStorableText(media_type.substr(0, 100)) + "\"";
    return Error{ErrorCode::kInvalid, "the page has " + found + "; text/html, application/xhtml+xml or text/plain is expected"};
  }
  JsonObject page{{"url", url},
                  {"title", ""},
                  {"text", ""},
                  {"truncated", false},
                  {"links", JsonArray()},
                  {"metadata", JsonObject()},
                  {"content_type", media_type}};
  const std::string text = DecodePage(body, content_type, kind == Kind::kHtml);
  if (kind == Kind::kHtml) {
    ReadHtml(text, url, options, page);
  } else {
    bool truncated = false;
    page["text"] = Cut(text, options.max_chars, truncated);
    page["truncated"] = truncated;
  }
  return Json(std::move(page));
}

}  // namespace orc::extract
