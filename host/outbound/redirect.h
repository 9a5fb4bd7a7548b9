// What becomes of a call when its answer is a redirect.
#pragma once

#include "outbound/http_service.h"
#include "outbound/url.h"

namespace orc {

bool IsRedirect(int32_t status);

/// Turns `call`, which was sent to `from` and answered with `status`, into the one for `to`. 303 (and 301, 302 after a POST) become a GET
/// without a body, as browsers do. Across origins every header that may be a credential is dropped.
void Redirect(HttpCall& call, int32_t status, const Url& from, const Url& to);

/// Authorization, Cookie, X-Api-Key and their like.
bool IsCredential(std::string_view header_name);

}  // namespace orc
