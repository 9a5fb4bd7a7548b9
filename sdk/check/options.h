// The command line of orchestrator-plugin-check.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace orc::check {

struct Options {
  std::string plugin_file;
  std::string examples_folder;  // "": none
  Json config = JsonObject();   // of its action, or an object of them by action
  std::set<std::string> only;   // empty: all
  std::set<std::string> skip;
  int timeout_s = 30;  // of each check
  bool as_json = false;
  enum class Mode { kRun, kList, kHelp, kVersion } mode = Mode::kRun;
  std::string child_check;  // a child process: this check and nothing else
};

/// kInvalid: bad usage. kNotFound and kUnreadable: a file that can't be read.
Result<Options> ParseOptions(const std::vector<std::string>& arguments);
std::string_view HelpText();

}  // namespace orc::check
