#include "html_text.h"

#include <algorithm>
#include <vector>

namespace orc::extract {
namespace {

template <size_t N>
bool IsOneOf(std::string_view name, const std::string_view (&sorted)[N]) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

constexpr std::string_view kNeverText[] = {"applet", "area",   "audio", "button",  "canvas",   "datalist", "embed",  "frameset",
                                           "head",   "iframe", "math",  "noembed", "noframes", "noscript", "object", "option",
                                           "script", "select", "style", "svg",     "template", "textarea", "video"};
constexpr std::string_view kFurniture[] = {"aside", "dialog", "footer", "menu", "nav"};
constexpr std::string_view kBlocks[] = {"address", "article", "blockquote", "body",     "br",         "caption", "dd",      "details",
                                        "div",     "dl",      "dt",         "fieldset", "figcaption", "figure",  "form",    "h1",
                                        "h2",      "h3",      "h4",         "h5",       "h6",         "header",  "hr",      "html",
                                        "legend",  "li",      "main",       "ol",       "p",          "pre",     "section", "summary",
                                        "table",   "tbody",   "tfoot",      "thead",    "title",      "tr",      "ul"};

static_assert(std::is_sorted(std::begin(kNeverText), std::end(kNeverText)));
static_assert(std::is_sorted(std::begin(kFurniture), std::end(kFurniture)));
static_assert(std::is_sorted(std::begin(kBlocks), std::end(kBlocks)));

/// Which parts of a page are read.
struct Filter {
  bool takes_furniture = false;

  bool Skips(const xmlNode* node) const {
    const auto name = NameOf(node);
    if (name.empty()) return false;
    if (IsOneOf(name, kNeverText) || HasAttribute(node, "hidden")) return true;
    if (takes_furniture) return false;
    if (IsOneOf(name, kFurniture)) return true;
    const std::string role = Attribute(node, "role");
    return role == "navigation" || role == "contentinfo" || role == "complementary";
  }
};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Builds the text; stops at its limit.
class TextWriter {
 public:
  explicit TextWriter(size_t max_chars) : max_chars_(max_chars) {}

  void Break() { gap_ = out_.empty() ? Gap::kNone : Gap::kLine; }
  void Space() {
    if (gap_ == Gap::kNone && !out_.empty()) gap_ = Gap::kSpace;
  }
  void Add(std::string_view text, bool is_preformatted) {
    for (const char c : text) {
      if (is_full_) return;
      if (is_preformatted ? c == '\r' : IsSpace(c)) {
        if (!is_preformatted) Space();
      } else if (is_preformatted && c == '\n') {
        Break();
        if (gap_ == Gap::kLine) lines_ += lines_ < 2 ? 1 : 0;
      } else {
        Put(c);
      }
    }
  }
  bool is_full() const { return is_full_; }
  std::string Take() {
    while (!out_.empty() && IsSpace(out_.back())) out_.pop_back();
    return std::move(out_);
  }

 private:
  enum class Gap { kNone, kSpace, kLine };

  void Put(char c) {
    if (gap_ != Gap::kNone) {
      for (int i = 0; i < std::max(lines_, 1); ++i) Append(gap_ == Gap::kLine ? '\n' : ' ');
      gap_ = Gap::kNone;
    }
    lines_ = 0;
    Append(c);
  }
  void Append(char c) {
    if (BeginsCharacter(c) && chars_++ == max_chars_) is_full_ = true;
    if (!is_full_) out_ += c;
  }

  const size_t max_chars_;
  std::string out_;
  size_t chars_ = 0;
  Gap gap_ = Gap::kNone;
  int lines_ = 0;  // line breaks of preformatted text that wait
  bool is_full_ = false;
};

size_t VisibleSize(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !IsSpace(c); }));
}

bool IsContentElement(const xmlNode* node) {
  return IsElement(node, "article") || IsElement(node, "main") || (node->type == XML_ELEMENT_NODE && Attribute(node, "role") == "main");
}

/// The smallest content element that has at least half of the text, or `root`.
xmlNode* ContentRoot(xmlNode* root, const Filter& filter) {
  struct Candidate {
    xmlNode* node;
    size_t size = 0;
  };
  std::vector<Candidate> open{{root}};
  std::vector<Candidate> closed;
  Walk(
      root,
      [&](xmlNode* node) {
        if (filter.Skips(node)) return false;
        if (node != root && IsContentElement(node)) open.push_back({node});
        open.back().size += VisibleSize(TextOf(node));
        return true;
      },
      [&](xmlNode* node) {
        if (node == root || open.back().node != node) return;
        const Candidate done = open.back();
        open.pop_back();
        open.back().size += done.size;
        closed.push_back(done);
      });
  const size_t whole = open.front().size;
  Candidate best{root, whole};
  for (const Candidate& candidate : closed) {
    if (candidate.size * 2 >= whole && candidate.size > 0 && (best.node == root || candidate.size < best.size)) best = candidate;
  }
  return best.node;
}

PageText Write(xmlNode* root, const Filter& filter, size_t max_chars) {
  TextWriter writer(max_chars);
  int preformatted = 0;
  Walk(
      root,
      [&](xmlNode* node) {
        if (writer.is_full() || (node != root && filter.Skips(node))) return false;
        const auto name = NameOf(node);
        if (IsOneOf(name, kBlocks)) writer.Break();
        if (name == "td" || name == "th") writer.Space();
        if (name == "pre") ++preformatted;
        writer.Add(TextOf(node), preformatted > 0);
        return true;
      },
      [&](xmlNode* node) {
        const auto name = NameOf(node);
        if (IsOneOf(name, kBlocks)) writer.Break();
        if (name == "pre") --preformatted;
      });
  const bool truncated = writer.is_full();
  return {writer.Take(), truncated};
}

}  // namespace

PageText MainText(xmlNode* root, size_t max_chars) {
  if (root == nullptr) return {};
  Filter filter;
  PageText text = Write(ContentRoot(root, filter), filter, max_chars);
  if (text.text.empty()) {  // all of it is in what is furniture elsewhere
    filter.takes_furniture = true;
    text = Write(root, filter, max_chars);
  }
  return text;
}

}  // namespace orc::extract
