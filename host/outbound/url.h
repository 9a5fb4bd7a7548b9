// A URL as libcurl itself reads it: what is judged is then what is called.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace orc {

class Url {
 public:
  /// kInvalid, with a sentence, for what is no http or https URL.
  static Result<Url> Parse(const std::string& text);

  CURLU* handle() const { return handle_.get(); }
  const std::string& scheme() const { return scheme_; }
  const std::string& host() const { return host_; }
  /// "https://host:443": for comparison and for messages (no path, no query, no credentials).
  const std::string& origin() const { return origin_; }

 private:
  struct Free {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
  };
  std::unique_ptr<CURLU, Free> handle_;
  std::string scheme_;
  std::string host_;
  std::string origin_;
};

}  // namespace orc
