// orchestrator-plugin-check: each check in a child process, the verdicts in the order of the table.
#include <orchestrator/abi.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "report.h"

namespace orc::check {
namespace {

constexpr int kExitPassed = 0;
constexpr int kExitFailed = 1;
constexpr int kExitBadUsage = 2;
constexpr int kExitNoFile = 3;

/// Runs checks and what they need before them, each once.
class Runner {
 public:
  Runner(const Options& options, std::vector<std::string> arguments) : options_(options), arguments_(std::move(arguments)) {}

  const Outcome& Run(const Check& check) {
    if (const auto it = done_.find(check.name); it != done_.end()) return it->second;
    for (const std::string_view needed : check.needs) {
      const Outcome& before = Run(*FindCheck(needed));
      if (before.finding.verdict != Verdict::kPassed) {
        return done_[check.name] = {
                   Skipped(std::string(needed) + (before.finding.verdict == Verdict::kFailed ? " failed" : " was skipped")), 0};
      }
    }
    return done_[check.name] = RunInChild(check, options_, arguments_);
  }

 private:
  const Options& options_;
  const std::vector<std::string> arguments_;
  std::map<std::string_view, Outcome> done_;
};

int RunAll(const Options& options, const std::vector<std::string>& arguments) {
  if (::access(options.plugin_file.c_str(), R_OK) != 0) {
    std::fprintf(stderr, "orchestrator-plugin-check: %s can't be read\n", options.plugin_file.c_str());
    return kExitNoFile;
  }
  Runner runner(options, arguments);
  Report report;
  for (const Check& check : AllChecks()) {
    const std::string name(check.name);
    if (!options.only.empty() && !options.only.contains(name)) continue;
    if (options.skip.contains(name)) {
      report.emplace_back(&check, Outcome{Skipped("--skip says so"), 0});
    } else {
      report.emplace_back(&check, runner.Run(check));
    }
  }
  const std::string text = options.as_json ? ReportAsJson(options.plugin_file, report) : ReportAsText(options.plugin_file, report);
  std::fputs(text.c_str(), stdout);
  return CountOf(report, Verdict::kFailed) == 0 ? kExitPassed : kExitFailed;
}

int Main(const std::vector<std::string>& arguments) {
  const auto options = ParseOptions({arguments.begin() + 1, arguments.end()});
  if (!options.ok()) {
    std::fprintf(stderr, "orchestrator-plugin-check: %s\n", options.error().message.c_str());
    return options.error().code == ErrorCode::kInvalid ? kExitBadUsage : kExitNoFile;
  }
  switch (options->mode) {
    case Options::Mode::kHelp:
      return std::fputs(HelpText().data(), stdout) < 0 ? kExitFailed : kExitPassed;
    case Options::Mode::kVersion:
      return std::printf("orchestrator-plugin-check %s, ABI %u.%u\n", ORC_VERSION, ORC_ABI_MAJOR, ORC_ABI_MINOR) < 0 ? kExitFailed
                                                                                                                     : kExitPassed;
    case Options::Mode::kList:
      return std::fputs(ChecksAsText().c_str(), stdout) < 0 ? kExitFailed : kExitPassed;
    case Options::Mode::kRun:
      break;
  }
  if (!options->child_check.empty()) BeChild(*options);
  return RunAll(*options, arguments);
}

}  // namespace
}  // namespace orc::check

int main(int argc, char** argv) { return orc::check::Main({argv, argv + argc}); }
