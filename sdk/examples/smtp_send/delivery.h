// One mail to one server, by libcurl.
#pragma once

#include <functional>
#include <string>
#include <vector>

struct SmtpServer {
  std::string url;
  std::string username, password;
  std::string tls = "required";  // "if_offered", "none"
  std::string ca_file;
  long timeout_ms = 30'000;
};

struct Delivery {
  enum class End { kAccepted, kTimeout, kNetwork, kTls, kRefused, kStopped };
  End end = End::kAccepted;
  long reply = 0;  // the server's last reply code
  std::string text;
};

/// Blocks. `should_stop` is asked several times a second.
Delivery Deliver(const SmtpServer& server, const std::string& from, const std::vector<std::string>& recipients, const std::string& mail,
                 const std::function<bool()>& should_stop);
