#include "delivery.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Unread {
  const std::string& mail;
  size_t at = 0;
};

size_t Read(char* buffer, size_t size, size_t count, void* context) {
  auto& unread = *static_cast<Unread*>(context);
  const size_t length = std::min(size * count, unread.mail.size() - unread.at);
  std::memcpy(buffer, unread.mail.data() + unread.at, length);
  unread.at += length;
  return length;
}

int Progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(context))() ? 1 : 0;
}

Delivery::End EndOf(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Delivery::End::kAccepted;
    case CURLE_OPERATION_TIMEDOUT:
      return Delivery::End::kTimeout;
    case CURLE_ABORTED_BY_CALLBACK:
      return Delivery::End::kStopped;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED:
      return Delivery::End::kTls;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
      return Delivery::End::kNetwork;
    default:
      return Delivery::End::kRefused;
  }
}

void SetServer(CURL* handle, const SmtpServer& server) {
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // not by a variable of the environment
  curl_easy_setopt(handle, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, server.timeout_ms);
  const long tls = server.tls == "required" ? CURLUSESSL_ALL : server.tls == "none" ? CURLUSESSL_NONE : CURLUSESSL_TRY;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, tls);
  if (!server.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.username.empty()) curl_easy_setopt(handle, CURLOPT_USERNAME, server.username.c_str());
  if (!server.password.empty()) curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
}

}  // namespace

Delivery Deliver(const SmtpServer& server, const std::string& from, const std::vector<std::string>& recipients, const std::string& mail,
                 const std::function<bool()>& should_stop) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) return {Delivery::End::kNetwork, 0, "no memory for the connection"};
  SetServer(handle.get(), server);
  std::unique_ptr<curl_slist, FreeList> list;
  for (const std::string& recipient : recipients) {
    if (curl_slist* longer = curl_slist_append(list.get(), ("<" + recipient + ">").c_str())) {
      (void)list.release();
      list.reset(longer);
    }
  }
  Unread unread{mail};
  char fault[CURL_ERROR_SIZE] = "";
  const std::string sender = "<" + from + ">";
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, list.get());
  curl_easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, &Read);
  curl_easy_setopt(handle.get(), CURLOPT_READDATA, &unread);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, &Progress);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &should_stop);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, fault);
  const CURLcode code = curl_easy_perform(handle.get());
  Delivery delivery;
  delivery.end = EndOf(code);
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &delivery.reply);
  delivery.text = fault[0] != '\0' ? fault : curl_easy_strerror(code);
  return delivery;
}
