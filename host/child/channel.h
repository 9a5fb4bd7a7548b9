// The socket to the server, as the plugin's process sees it.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "wire/frame.h"

namespace orc {

constexpr int kChannelDescriptor = 3;

/// Send: any thread. Receive: one thread. A process that the plugin forks has none: both do nothing there.
class Channel {
 public:
  explicit Channel(int descriptor);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void Send(const std::string& frame);
  /// Waits for the next frame; nothing at the end.
  std::optional<wire::FrameSplitter::Frame> Receive();

 private:
  std::mutex mutex_;
  wire::FrameSplitter splitter_;
};

}  // namespace orc
