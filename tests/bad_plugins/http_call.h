/* A start that makes one HTTP call; `on_done` ends the attempt. */
#ifndef ORC_TEST_HTTP_CALL_H
#define ORC_TEST_HTTP_CALL_H

#include "minimal.h"

static void http_done(void* context, orc_attempt attempt, const orc_http_response* response);

static void http_start(void* instance, orc_attempt attempt, const orc_request* input) {
  static const orc_text method = TEXT("GET");
  static const orc_text url = TEXT("http://example.com/");
  orc_http_request request = {sizeof request, {0, 0}, {0, 0}, 0, 0, {0, 0}, 0, 0, 0, 0, 0, {0, 0}};
  orc_http_callbacks callbacks = {sizeof callbacks, 0, http_done, 0};
  (void)instance;
  (void)input;
  request.method = method;
  request.url = url;
  minimal_host->http_send(minimal_host->context, attempt, &request, &callbacks, 0);
}

static void http_end(orc_attempt attempt) {
  orc_request request = {sizeof request, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0, 0, 0};
  minimal_start(0, attempt, &request);
}

#endif
