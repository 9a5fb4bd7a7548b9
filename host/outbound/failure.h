// libcurl's codes in the service's words.
#pragma once

#include <curl/curl.h>

#include "outbound/http_service.h"

namespace orc {

HttpFailure FailureOf(CURLcode code);

}  // namespace orc
