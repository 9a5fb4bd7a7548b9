// Gets a page, redirects included, and ends the attempt with what is on it.
#pragma once

#include <orchestrator/action.hpp>

#include "html_page.h"

namespace orc::extract {

/// Follows up to `call.max_redirects` redirects itself, hop by hop, because the page's real URL is needed for its links. Each hop goes
/// through the host's policy. Across origins only harmless headers are kept. The time-out is for all hops together.
void FetchPage(const orchestrator::Host& host, orchestrator::Attempt attempt, orchestrator::HttpRequest call, const PageOptions& options);

}  // namespace orc::extract
