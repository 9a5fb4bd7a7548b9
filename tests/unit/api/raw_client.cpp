#include "unit/api/raw_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace orc::test {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void ParseHead(std::string_view head, RawAnswer& answer) {
  answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const size_t end = head.find("\r\n", at);
    const std::string_view line = head.substr(at, end - at);
    if (line.empty()) break;
    const size_t colon = line.find(':');
    answer.headers[Lower(line.substr(0, colon))] = std::string(line.substr(std::min(colon + 2, line.size())));
    at = end + 2;
  }
}

}  // namespace

Json RawAnswer::json() const {
  Result<Json> parsed = ParseJson(body);
  EXPECT_TRUE(parsed.ok()) << body;
  return parsed.ok() ? *parsed : Json();
}

std::string RawAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

RawClient::RawClient(uint16_t port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(0, ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address)) << errno;
}

RawClient::~RawClient() {
  if (fd_ >= 0) ::close(fd_);
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::Fill(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd poll{fd_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0) return false;
  char buffer[65536];
  const ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
  if (count <= 0) {
    is_closed_ = true;
    return false;
  }
  in_.append(buffer, static_cast<size_t>(count));
  return true;
}

RawAnswer RawClient::Read(bool head_only) {
  RawAnswer answer;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  size_t head_end;
  while ((head_end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill(deadline)) return answer;
  }
  RawAnswer parsed;
  ParseHead(std::string_view(in_).substr(0, head_end + 2), parsed);
  const size_t length = head_only ? 0 : static_cast<size_t>(std::atoll(parsed.header("content-length").c_str()));
  while (in_.size() < head_end + 4 + length) {
    if (!Fill(deadline)) return answer;
  }
  parsed.body = in_.substr(head_end + 4, length);
  in_.erase(0, head_end + 4 + length);
  return parsed;
}

std::string RawClient::ReadUntil(std::string_view mark, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  size_t at = 0;
  size_t found;
  while ((found = in_.find(mark, at)) == std::string::npos) {
    at = in_.size() > mark.size() ? in_.size() - mark.size() : 0;
    if (!Fill(deadline)) return std::exchange(in_, {});
  }
  std::string out = in_.substr(0, found + mark.size());
  in_.erase(0, out.size());
  return out;
}

std::string RawClient::ReadSome(size_t size, std::chrono::milliseconds patience) {
  if (in_.empty()) {
    pollfd poll{fd_, POLLIN, 0};
    if (::poll(&poll, 1, static_cast<int>(patience.count())) <= 0) return {};
    std::string buffer(size, '\0');
    const ssize_t count = ::recv(fd_, buffer.data(), size, 0);
    if (count <= 0) is_closed_ = true;
    buffer.resize(count > 0 ? static_cast<size_t>(count) : 0);
    return buffer;
  }
  std::string out = in_.substr(0, size);
  in_.erase(0, out.size());
  return out;
}

bool RawClient::WaitForClose(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (Fill(deadline)) in_.clear();
  return is_closed_;
}

void RawClient::ShrinkReceiveBuffer(int bytes) { ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

std::string MakeRequest(std::string_view method, std::string_view target, std::string_view body,
                        const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
  bool has_type = false;
  for (const auto& [name, value] : headers) {
    has_type |= name == "Content-Type";
    if (!value.empty()) out += name + ": " + value + "\r\n";
  }
  if (!body.empty() && !has_type) out += "Content-Type: application/json\r\n";
  if (!body.empty() || method == "POST" || method == "PUT") out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "\r\n" + std::string(body);
}

}  // namespace orc::test
