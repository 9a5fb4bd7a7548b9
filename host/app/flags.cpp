#include "app/flags.h"

#include "base/nearest.h"

namespace orc {
namespace {

const std::vector<std::string> kKnown = {"--config", "--check-config", "--version", "--help"};

Error BadUsage(std::string message) { return Error{.code = ErrorCode::kInvalid, .message = std::move(message)}; }

/// "-config" and "--config" mean the same.
std::string WithTwoDashes(std::string_view name) {
  const bool one_dash = name.starts_with("-") && !name.starts_with("--") && name.size() > 2;
  return one_dash ? "-" + std::string(name) : std::string(name);
}

}  // namespace

Result<Flags> ParseFlags(const std::vector<std::string>& arguments) {
  Flags flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const size_t equals = argument.find('=');
    const std::string name = WithTwoDashes(std::string_view(argument).substr(0, equals));
    const bool has_value = equals != std::string::npos;
    if (!argument.starts_with('-')) return BadUsage("\"" + argument + "\" is no flag, expected flags only (see --help)");
    if (name == "--config") {
      if (!has_value && i + 1 == arguments.size()) return BadUsage(argument + " needs a file: --config FILE");
      flags.config_file = has_value ? argument.substr(equals + 1) : arguments[++i];
      if (flags.config_file.empty()) return BadUsage("--config names no file: --config FILE");
      continue;
    }
    if (has_value) return BadUsage(argument + ": " + name + " takes no value" + DidYouMean(name, kKnown));
    if (name == "--check-config") {
      if (flags.mode == Flags::Mode::kServe) flags.mode = Flags::Mode::kCheckConfig;
    } else if (name == "--version") {
      flags.mode = Flags::Mode::kVersion;
    } else if (name == "--help" || name == "-h") {
      flags.mode = Flags::Mode::kHelp;
    } else {
      return BadUsage("the flag " + argument + " is not known" + DidYouMean(name, kKnown) + " (see --help)");
    }
  }
  return flags;
}

std::string_view HelpText() {
  return R"(orchestrator: a workflow engine server

  orchestrator [--config FILE]
  orchestrator actions [NAME]      what is loaded, or the page of one action (orchestrator actions --help)
  orchestrator expr EXPRESSION     evaluates an expression of the workflow language (orchestrator expr --help)
  orchestrator migrate             brings the schema of the database on, or checks it (orchestrator migrate --help)
  orchestrator move                copies everything from SQLite to PostgreSQL or back (orchestrator move --help)

  --config FILE    the configuration (YAML); without it everything has its default (127.0.0.1:8100, SQLite in the state folder)
  --check-config   read and check the configuration, say every fault, and end
  --version        print the version and end
  --help           print this and end

One dash does as well as two. Signals: TERM and INT finish what is under way and end (a second one ends at once);
HUP re-reads the configuration, looks at the plugins again and re-opens the log file.
Exit codes: 0 ended as asked, 1 could not start or failed, 2 bad command line, 3 bad configuration.
)";
}

}  // namespace orc
