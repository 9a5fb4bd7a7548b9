// From the bytes of an answer to what web.extract gives.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace orc::extract {

struct PageOptions {
  size_t max_chars = 100'000;
  size_t max_links = 200;
};

/// {url, title, text, truncated, links: [{url, text}], metadata, content_type}. kInvalid for what is neither HTML nor plain text.
/// `url` is the page's, after redirects.
Result<Json> ReadPage(std::string_view body, std::string_view content_type, const std::string& url, const PageOptions& options);

}  // namespace orc::extract
