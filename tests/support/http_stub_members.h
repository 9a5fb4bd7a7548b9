// The members of HttpStub (see http_stub.h).
#pragma once

#include "support/http_stub.h"
#include "support/http_stub_loop.h"

namespace orc::test {

inline HttpStub::HttpStub(const std::string& address) : loop_(std::make_unique<Loop>(address)) {}
inline HttpStub::~HttpStub() = default;

inline void HttpStub::On(const std::string& path, std::vector<StubAnswer> answers) {
  std::lock_guard lock(loop_->mutex_);
  loop_->scripts_[path] = {std::move(answers), 0, nullptr};
}
inline void HttpStub::On(const std::string& path, Handler handler) {
  std::lock_guard lock(loop_->mutex_);
  loop_->scripts_[path] = {{}, 0, std::move(handler)};
}
inline void HttpStub::Otherwise(Handler handler) {
  std::lock_guard lock(loop_->mutex_);
  loop_->otherwise_ = std::move(handler);
}
inline int HttpStub::port() const { return loop_->port_; }
inline std::string HttpStub::url(std::string_view path) const {
  const bool six = loop_->address_.find(':') != std::string::npos;
  return "http://" + (six ? "[" + loop_->address_ + "]" : loop_->address_) + ":" + std::to_string(loop_->port_) + std::string(path);
}
inline std::vector<StubRequest> HttpStub::requests() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->requests_;
}
inline size_t HttpStub::Count() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->count_;
}
inline size_t HttpStub::Count(const std::string& path) const {
  std::lock_guard lock(loop_->mutex_);
  const auto it = loop_->counts_.find(path);
  return it == loop_->counts_.end() ? 0 : it->second;
}
inline std::map<std::string, size_t> HttpStub::keys() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->keys_;
}
inline size_t HttpStub::connections_accepted() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->accepted_;
}
inline size_t HttpStub::connections_open() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->open_;
}
inline size_t HttpStub::max_connections_open() const {
  std::lock_guard lock(loop_->mutex_);
  return loop_->max_open_;
}
inline bool HttpStub::WaitForRequests(size_t count, int deadline_ms) const {
  std::unique_lock lock(loop_->mutex_);
  return loop_->changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms), [&] { return loop_->count_ >= count; });
}
inline bool HttpStub::WaitForOpen(size_t at_most, int deadline_ms) const {
  std::unique_lock lock(loop_->mutex_);
  return loop_->changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms), [&] { return loop_->open_ <= at_most; });
}
inline void HttpStub::CloseConnections() {
  std::lock_guard lock(loop_->mutex_);
  loop_->close_all_ = true;
  loop_->Wake();
}
inline void HttpStub::KeepRequests(bool keep) {
  std::lock_guard lock(loop_->mutex_);
  loop_->keep_ = keep;
}

}  // namespace orc::test
