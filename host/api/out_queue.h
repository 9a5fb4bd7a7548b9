// Bytes on their way to a socket. Pieces are shared: one page of an event stream serves every reader of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace orc {

/// One thread.
class OutQueue {
 public:
  enum class Outcome : uint8_t { kEmpty, kBlocked, kBroken };

  void Add(std::shared_ptr<const std::string> piece);
  void Add(std::string piece) { Add(std::make_shared<const std::string>(std::move(piece))); }
  size_t bytes() const { return bytes_; }
  /// The memory that is kept for them: a piece goes when its last byte does.
  size_t held_bytes() const { return bytes_ + offset_; }
  bool empty() const { return bytes_ == 0; }

  /// Writes as much as the socket takes now; `written` says how much that was.
  Outcome WriteTo(int socket, size_t& written);

 private:
  void Drop(size_t count);

  std::vector<std::shared_ptr<const std::string>> pieces_;
  size_t first_ = 0;   // of pieces_
  size_t offset_ = 0;  // within the first
  size_t bytes_ = 0;
};

}  // namespace orc
