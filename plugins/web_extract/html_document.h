// A parsed HTML page, and how to walk it. Nothing here recurses: the depth of a page is its author's choice.
#pragma once

#include <libxml/HTMLparser.h>

#include <memory>
#include <string>
#include <string_view>

namespace orc::extract {

class HtmlDocument {
 public:
  /// Call once, before any other thread parses.
  static void Prepare();
  /// `html` is UTF-8. Anything can be parsed; what can't be made sense of is left out. Elements deeper than 256, and what follows
  /// them, are left out (libxml2's own limit; without it hostile nesting takes quadratic time).
  static HtmlDocument Parse(std::string_view html);

  /// Null for a page with nothing in it.
  xmlNode* root() const { return document_ ? xmlDocGetRootElement(document_.get()) : nullptr; }
  /// The end was left out.
  bool is_cut() const { return is_cut_; }

 private:
  struct Free {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
  };
  std::unique_ptr<xmlDoc, Free> document_;
  bool is_cut_ = false;
};

/// The element's name in lower case; "" for what is no element.
std::string_view NameOf(const xmlNode* node);
bool IsElement(const xmlNode* node, std::string_view name);
/// The attribute's value; "" when it is absent.
std::string Attribute(const xmlNode* node, const char* name);
bool HasAttribute(const xmlNode* node, const char* name);
/// Of a text or CDATA node; "" for others.
std::string_view TextOf(const xmlNode* node);

/// Calls `enter` on each node below and including `root`, in the document's order; its answer says whether to go into the node. Where it
/// did, `leave` follows the children.
template <class Enter, class Leave>
void Walk(xmlNode* root, Enter enter, Leave leave) {
  xmlNode* node = root;
  while (node != nullptr) {
    const bool goes_in = enter(node) && node->type == XML_ELEMENT_NODE;
    if (goes_in && node->children != nullptr) {
      node = node->children;
      continue;
    }
    if (goes_in) leave(node);
    while (node != root && node->next == nullptr) {
      node = node->parent;
      leave(node);
    }
    if (node == root) return;
    node = node->next;
  }
}

template <class Enter>
void Walk(xmlNode* root, Enter enter) {
  Walk(root, enter, [](xmlNode*) {});
}

/// `text` with each run of white space as one space, none at the ends, and cut to `max_bytes` between characters.
std::string Folded(std::string_view text, size_t max_bytes);

}  // namespace orc::extract
