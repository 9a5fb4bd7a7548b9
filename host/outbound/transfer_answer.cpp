// What a Transfer takes from the wire.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/log.h"
#include "outbound/transfer.h"

namespace orc {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

int32_t StatusOf(std::string_view line) {
  const auto space = line.find(' ');
  int32_t status = 0;
  if (space != std::string_view::npos) std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
  return status;
}

}  // namespace

bool Transfer::TakeHeader(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeadBytes) return false;
  if (line.substr(0, 5) == "HTTP/") {  // also after a 1xx, which is forgotten
    reply_.status = StatusOf(line);
    reply_.headers.clear();
    return true;
  }
  const bool is_folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  const std::string_view text = Trim(line);
  if (text.empty()) return true;
  if (is_folded && !reply_.headers.empty()) {
    reply_.headers.back().second.append(" ").append(text);
    return true;
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) reply_.headers.emplace_back(Lower(Trim(text.substr(0, colon))), Trim(text.substr(colon + 1)));
  return colon == std::string_view::npos || LengthsAgree();
}

/// libcurl takes the last of several lengths; who reads the same bytes by the first sees another answer.
bool Transfer::LengthsAgree() {
  const auto& last = reply_.headers.back();
  if (last.first != "content-length") return true;
  has_two_lengths_ = std::any_of(reply_.headers.begin(), reply_.headers.end(),
                                 [&](const auto& header) { return header.first == last.first && header.second != last.second; });
  return !has_two_lengths_;
}

bool Transfer::TakeBody(std::string_view piece) {
  if (piece.size() > call_.max_response_bytes - body_bytes_) {
    too_large_ = true;
    return false;
  }
  body_bytes_ += piece.size();
  if (IsRedirected()) return true;
  reply_.body.append(piece);
  if (!chunk_ || reply_.status < 200 || reply_.status > 299) return true;
  try {
    chunk_(piece);
  } catch (const std::exception& e) {  // must not fly through libcurl
    LogError("a reader of a streamed answer threw", {{"error", e.what()}});
    return false;
  }
  return true;
}

}  // namespace orc
