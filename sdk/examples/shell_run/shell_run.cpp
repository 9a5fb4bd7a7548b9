// The action shell.run: a program of the administrator's list, run without a shell.
#include <algorithm>
#include <orchestrator/action.hpp>
#include <orchestrator/json/nlohmann.hpp>

#include "command.h"

namespace {

using nlohmann::json;
using orchestrator::Result;
using End = CommandResult::End;

class ShellRun {
 public:
  static constexpr std::string_view kConfigSchema =
#include "embedded/config.schema.json.inc"
      ;
  static constexpr std::string_view kInputSchema =
#include "embedded/input.schema.json.inc"
      ;
  static constexpr std::string_view kOutputSchema =
#include "embedded/output.schema.json.inc"
      ;
  static constexpr orchestrator::ActionInfo kInfo{
      "shell.run", "1.0.0", "Runs a program, without a shell.", kConfigSchema, kInputSchema, kOutputSchema, ORC_ACTION_ISOLATED};

  ShellRun(const orchestrator::Host&, std::string_view config_text) {
    const auto config = orchestrator::ReadJson<json>(config_text);
    allowed_ = config.at("allow").get<std::vector<std::string>>();
    max_output_bytes_ = config.value("max_output_bytes", max_output_bytes_);
    memory_bytes_ = config.value("memory_bytes", memory_bytes_);
    cpu_seconds_ = config.value("cpu_seconds", cpu_seconds_);
  }

  Result Run(orchestrator::Attempt& attempt, const orchestrator::Request& request) {
    const auto input = orchestrator::ReadJson<json>(request.input);
    Command command;
    command.program = input.at("command").get<std::string>();
    if (std::find(allowed_.begin(), allowed_.end(), command.program) == allowed_.end()) {
      return Result::Failure("command_not_allowed", command.program + " is not in plugins.settings.shell_run.config.allow");
    }
    if (std::string fault = Fill(command, input, request); !fault.empty()) return Result::Failure("input_invalid", fault);
    const CommandResult done = RunCommand(command, [&] { return attempt.Cancelled(); });
    return ToResult(command, done, input.value("allow_failure", false));
  }

 private:
  /// "" or what is wrong. A NUL would cut an argument short: what runs would not be what was written.
  std::string Fill(Command& command, const json& input, const orchestrator::Request& request) const {
    command.arguments = input.value("args", std::vector<std::string>());
    command.input = input.value("stdin", std::string());
    command.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
    const json no_variables = json::object();
    for (const auto& [name, value] : input.value("env", no_variables).items()) {
      if (name.empty() || name.find('=') != std::string::npos) return "the environment's name \"" + name + "\" is empty or holds a =";
      command.environment.push_back(name + "=" + value.get<std::string>());
    }
    for (const auto* texts : {&command.arguments, &command.environment}) {
      for (const std::string& text : *texts) {
        if (text.find('\0') != std::string::npos) return "an argument or variable holds a NUL character";
      }
    }
    command.max_output_bytes = max_output_bytes_;
    command.memory_bytes = memory_bytes_;
    command.cpu_seconds = cpu_seconds_;
    command.timeout_ms = input.value("timeout_ms", request.timeout_ms);
    return {};
  }

  static Result ToResult(const Command& command, const CommandResult& done, bool allow_failure) {
    if (done.end == End::kNotStarted) return Result::Failure("not_started", command.program + ": " + done.fault);
    if (done.end == End::kStopped) return Result::Cancelled();
    Result result;
    if (done.end == End::kTimedOut) {
      result = Result::RetryableFailure("timeout", command.program + " took longer than " + std::to_string(command.timeout_ms) + " ms");
    } else if (done.end == End::kSignalled) {
      result = Result::Failure("exit_status", command.program + " ended by signal " + std::to_string(done.code));
    } else if (done.code != 0 && !allow_failure) {
      result = Result::Failure("exit_status", command.program + " ended with the exit code " + std::to_string(done.code));
    }
    const bool is_signal = done.end == End::kSignalled;
    result.output = orchestrator::WriteJson(json{{"exit_code", done.end == End::kExited ? json(done.code) : json()},
                                                 {"signal", is_signal ? json(done.code) : json()},
                                                 {"stdout", done.standard_output},
                                                 {"stderr", done.standard_error},
                                                 {"truncated", done.truncated}});
    return result;
  }

  std::vector<std::string> allowed_;
  size_t max_output_bytes_ = 262'144;
  uint64_t memory_bytes_ = 0;
  uint64_t cpu_seconds_ = 0;
};

}  // namespace

ORCHESTRATOR_PLUGIN("shell_run", "1.0.0", "Apache-2.0", "Programs of a list, run without a shell.", ShellRun)
