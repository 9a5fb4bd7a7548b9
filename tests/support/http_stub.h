// A real HTTP/1.1 server on loopback for tests: one thread, any number of connections, scripted answers, and a record of what came.
//
//   HttpStub stub;                                              // listens on 127.0.0.1, a free port
//   stub.On("/v1/search", {{.status = 503}, {.body = "{}"}});   // answers in turn; the last one goes on for ever
//   stub.On("/slow", {{.body = "{}", .delay_ms = 5000}});
//   stub.On("/stream", {{.headers = {{"Content-Type", "text/event-stream"}}, .chunks = {{"data: a\n\n"}, {"data: b\n\n", 50}}}});
//   stub.On("/half", {{.body = "0123456789", .cut_after = 4}}); // 4 bytes of the body, then the connection ends
//   stub.On("/mute", {{.never = true}});                        // reads the request and says nothing
//   stub.Otherwise([](const StubRequest& r) { return StubAnswer{.body = r.body}; });  // default: 404
//   ... url("/slow") ... WaitForRequests(3) ... Count("/slow") ... requests() ... keys()["run_..."] ...
//
// All functions may be called from any thread; handlers run on the stub's thread. The destructor closes everything.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::test {

struct StubRequest {
  std::string method;
  std::string target;                          // as sent, query included
  std::string path;                            // up to the '?'
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  size_t connection = 0;  // 1, 2, 3 ... in the order of accepting: tells reuse

  std::string Header(const std::string& lower_name) const {
    const auto it = headers.find(lower_name);
    return it == headers.end() ? std::string() : it->second;
  }
};

struct StubChunk {
  std::string text;
  int delay_ms = 0;  // before it
};

struct StubAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  int delay_ms = 0;                      // before the first byte
  std::vector<StubChunk> chunks = {};    // not empty: chunked transfer of these instead of `body`
  size_t cut_after = std::string::npos;  // bytes of the body after which the connection ends (chunked: of all chunks' text)
  bool close = false;                    // "Connection: close"
  bool hang_up = false;                  // close without an answer
  bool never = false;                    // keep the connection, answer nothing
  std::string raw = {};                  // not empty: exactly these bytes, then close
};

class HttpStub {
 public:
  using Handler = std::function<StubAnswer(const StubRequest&)>;

  explicit HttpStub(const std::string& address = "127.0.0.1");
  ~HttpStub();
  HttpStub(const HttpStub&) = delete;
  HttpStub& operator=(const HttpStub&) = delete;

  void On(const std::string& path, std::vector<StubAnswer> answers);
  void On(const std::string& path, Handler handler);
  void Otherwise(Handler handler);

  int port() const;
  /// "http://127.0.0.1:<port>" and the path.
  std::string url(std::string_view path = "") const;

  std::vector<StubRequest> requests() const;
  size_t Count() const;
  size_t Count(const std::string& path) const;
  /// How often each Idempotency-Key came ("" for requests without one).
  std::map<std::string, size_t> keys() const;
  size_t connections_accepted() const;
  size_t connections_open() const;
  size_t max_connections_open() const;
  /// Waits until that many requests have come. False after the deadline.
  bool WaitForRequests(size_t count, int deadline_ms = 10'000) const;
  /// Waits until so few connections are open. False after the deadline.
  bool WaitForOpen(size_t at_most, int deadline_ms = 10'000) const;
  /// Ends every connection that is open now.
  void CloseConnections();
  /// Off: keep no requests but only count (for load). On by default.
  void KeepRequests(bool keep);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace orc::test

#include "support/http_stub_members.h"
