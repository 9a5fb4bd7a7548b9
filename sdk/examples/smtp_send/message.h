// A mail as text (RFC 5322), from values that nobody needs to trust.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct Mail {
  std::string from;
  std::vector<std::string> to, cc;
  std::string reply_to;
  std::string subject;
  std::string text;
  std::string message_id;  // without < >
  int64_t date_s = 0;      // since the Unix epoch
};

/// Lines end with CR LF. No value can add a header line: the subject is encoded, the body is base64, addresses were judged by the schema
/// and are refused here once more. Throws std::invalid_argument.
std::string FormatMail(const Mail& mail);
/// A message's id that is the same for every try of a step, so that receivers can tell a repeated mail.
std::string MessageIdFor(const std::string& idempotency_key, const std::string& from);
