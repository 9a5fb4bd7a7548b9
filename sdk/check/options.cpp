#include "options.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/nearest.h"
#include "check.h"

namespace orc::check {
namespace {

const std::vector<std::string> kFlags = {"--examples", "--config", "--only",    "--skip", "--timeout",
                                         "--json",     "--list",   "--version", "--help"};

Error BadUsage(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

Result<std::string> KnownCheck(const std::string& name) {
  if (FindCheck(name) != nullptr) return name;
  std::vector<std::string> names;
  for (const Check& check : AllChecks()) names.emplace_back(check.name);
  return BadUsage("there is no check \"" + name + "\"" + DidYouMean(name, names) + " (see --list)");
}

Result<Json> ReadConfig(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::kNotFound, file + " can't be read"};
  std::ostringstream text;
  text << in.rdbuf();
  auto json = ParseJson(text.str());
  if (!json.ok()) return Error{ErrorCode::kUnreadable, file + " is not JSON: " + json.error().message};
  if (!json->is_object()) return Error{ErrorCode::kUnreadable, file + " holds " + DescribeJson(*json) + "; expected an object"};
  return json;
}

Result<void> TakeValue(Options& options, const std::string& flag, const std::string& value) {
  if (flag == "--examples") {
    options.examples_folder = value;
  } else if (flag == "--config") {
    ORC_ASSIGN_OR_RETURN(options.config, ReadConfig(value));
  } else if (flag == "--child") {
    options.child_check = value;
  } else if (flag == "--timeout") {
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), options.timeout_s);
    if (fault != std::errc() || end != value.data() + value.size() || options.timeout_s < 1 || options.timeout_s > 3600) {
      return BadUsage("--timeout " + value + ": expected seconds, 1 to 3600");
    }
  } else {
    ORC_ASSIGN_OR_RETURN(std::string name, KnownCheck(value));
    (flag == "--only" ? options.only : options.skip).insert(std::move(name));
  }
  return {};
}

}  // namespace

Result<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("-")) {
      if (!options.plugin_file.empty()) return BadUsage("one plugin at a time: " + options.plugin_file + " and " + argument);
      options.plugin_file = std::filesystem::absolute(argument).string();  // the dynamic linker looks for a bare name elsewhere
    } else if (argument == "--json") {
      options.as_json = true;
    } else if (argument == "--list") {
      options.mode = Options::Mode::kList;
    } else if (argument == "--version") {
      options.mode = Options::Mode::kVersion;
    } else if (argument == "--help" || argument == "-h") {
      options.mode = Options::Mode::kHelp;
    } else if (argument == "--examples" || argument == "--config" || argument == "--only" || argument == "--skip" ||
               argument == "--timeout" || argument == "--child") {
      if (i + 1 == arguments.size()) return BadUsage(argument + " needs a value (see --help)");
      ORC_RETURN_IF_ERROR(TakeValue(options, argument, arguments[++i]));
    } else {
      return BadUsage("the flag " + argument + " is not known" + DidYouMean(argument, kFlags) + " (see --help)");
    }
  }
  if (options.mode == Options::Mode::kRun && options.plugin_file.empty()) return BadUsage("name a plugin: orchestrator-plugin-check x.so");
  return options;
}

std::string_view HelpText() {
  return R"(orchestrator-plugin-check: judges a built action plugin

  orchestrator-plugin-check [FLAGS] PLUGIN.so

  --examples FOLDER  steps (*.json) with an input and what is expected of it; see docs/plugins/check.md
  --config FILE      the configuration (JSON) of its action, or an object of configurations by action
  --only CHECK       only this check and what it needs; may be repeated
  --skip CHECK       all but this check; may be repeated
  --timeout SECONDS  of each check (default 30)
  --json             one JSON document instead of lines
  --list             name the checks and what each demands
  --version, --help

Each check runs in a process of its own. The actions run for real: what they do besides HTTP calls, which a stand-in answers, is done.
Exit codes: 0 no check failed, 1 a check failed, 2 bad usage, 3 a file can't be read.
)";
}

}  // namespace orc::check
