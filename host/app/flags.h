// The command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace orc {

struct Flags {
  enum class Mode : uint8_t { kServe, kCheckConfig, kVersion, kHelp };
  Mode mode = Mode::kServe;
  std::string config_file;  // "" takes the defaults
};

/// `arguments` without the program's name. One dash or two, `--name value` or `--name=value`. kInvalid names what is wrong and the
/// nearest known flag.
Result<Flags> ParseFlags(const std::vector<std::string>& arguments);

std::string_view HelpText();

// Exit codes.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;     // could not start, or stopped by a fault
inline constexpr int kExitBadUsage = 2;   // the command line
inline constexpr int kExitBadConfig = 3;  // the configuration

}  // namespace orc
