// The links of a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html_document.h"

namespace orc::extract {

struct Link {
  std::string url;   // whole, http or https, without fragment
  std::string text;  // of the link, its title or its picture; may be ""
};

/// In the page's order, each URL once, without those to the page itself; at most `max_links`. `base` is the page's URL.
std::vector<Link> Links(xmlNode* root, std::string_view base, size_t max_links);

/// What relative links are relative to: `<base href>` if there is one, else the page's own URL.
std::string BaseOf(xmlNode* root, std::string_view page_url);

}  // namespace orc::extract
