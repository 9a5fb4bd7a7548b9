#include "message.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace {

void Expect(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::exit(1);
}

Mail Sample() {
  Mail mail;
  mail.from = "a@example.com";
  mail.to = {"b@example.com", "c@example.com"};
  mail.subject = "Hello";
  mail.text = "Line one\nLine two\n";
  mail.message_id = "key-1@example.com";
  mail.date_s = 1'700'000'000;
  return mail;
}

bool Holds(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

int main() {
  const std::string text = FormatMail(Sample());
  Expect(Holds(text, "To: <b@example.com>,\r\n <c@example.com>\r\n"), "both are named");
  Expect(Holds(text, "Subject: Hello\r\n"), "a plain subject stays as it is");
  Expect(Holds(text, "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"), "the date is RFC 5322's");
  Expect(Holds(text, "\r\n\r\nTGluZSBvbmUKTGluZSB0d28K\r\n"), "the body is base64");

  Mail injected = Sample();
  injected.subject = "x\r\nBcc: d@example.com";
  Expect(!Holds(FormatMail(injected), "\r\nBcc:"), "a subject adds no header");
  injected = Sample();
  injected.to = {"b@example.com>\r\nBcc: <d@example.com"};
  try {
    FormatMail(injected);
    Expect(false, "an address with a line break is refused");
  } catch (const std::invalid_argument&) {
  }
  Mail accents = Sample();
  accents.subject = std::string(44, 'x') + "\xC3\xA9";  // the character lies on the border of a word
  Expect(Holds(FormatMail(accents), "?=\r\n =?UTF-8?B?w6k=?=\r\n"), "no character is cut");
  Expect(MessageIdFor("run/1:step", "a@example.com") == "run-1-step@example.com", "the id holds what an id may");
}
