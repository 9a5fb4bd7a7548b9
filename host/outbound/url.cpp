#include "outbound/url.h"

namespace orc {
namespace {

std::string Part(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

Error Invalid(std::string message) { return Error{ErrorCode::kInvalid, std::move(message)}; }

}  // namespace

Result<Url> Url::Parse(const std::string& text) {
  if (text.empty()) return Invalid("the URL is empty");
  Url url;
  url.handle_.reset(curl_url());
  const auto code = curl_url_set(url.handle_.get(), CURLUPART_URL, text.c_str(), CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
  if (code == CURLUE_BAD_SCHEME) return Invalid("the URL has no scheme: it must begin with http:// or https://");
  if (code != CURLUE_OK) return Invalid(std::string("the URL can't be read: ") + curl_url_strerror(code));
  url.scheme_ = Part(url.handle_.get(), CURLUPART_SCHEME);
  if (url.scheme_ != "http" && url.scheme_ != "https") {
    return Invalid("the URL's scheme is \"" + url.scheme_ + "\"; only http and https are called");
  }
  url.host_ = Part(url.handle_.get(), CURLUPART_HOST);
  if (url.host_.empty()) return Invalid("the URL names no host");
  url.origin_ = url.scheme_ + "://" + url.host_ + ":" + Part(url.handle_.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return url;
}

}  // namespace orc
