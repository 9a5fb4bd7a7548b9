// What a page says of itself.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "html_document.h"

namespace orc::extract {

/// {description, language, canonical, author, published_at, keywords, site_name, og: {…}}; what a page does not say is absent.
JsonObject Metadata(xmlNode* root, std::string_view base);

/// <title>, else og:title of `metadata`, else the first <h1>; "" when there is none.
std::string Title(xmlNode* root, const JsonObject& metadata);

}  // namespace orc::extract
