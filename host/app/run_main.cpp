#include "app/run_main.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "app/actions_command.h"
#include "app/app.h"
#include "app/database_commands.h"
#include "app/flags.h"
#include "app/process.h"
#include "app/signals.h"
#include "app/template_pack.h"
#include "cli/expr_command.h"

namespace orc {
namespace {

ConfigSource SourceOf(const Flags& flags) {
  return {.file = flags.config_file, .paths = FindPaths(ExecutableFile()), .environment = ProcessEnvironment(), .is_root = geteuid() == 0};
}

void PrintError(const Error& error) {
  for (const Problem& problem : error.problems) std::fprintf(stderr, "%s\n", problem.detail.c_str());
  std::fprintf(stderr, "orchestrator: %s\n", error.message.c_str());
}

/// Stands in where no plugin is loaded: the schemas can be checked without them.
class NoActions final : public ActionCatalog {
 public:
  std::shared_ptr<const ActionInfo> Find(std::string_view) const override { return nullptr; }
  std::vector<std::shared_ptr<const ActionInfo>> List() const override { return {}; }
};

int CheckConfigOnly(const Config& config) {
  const NoActions no_actions;
  const auto checker = DefinitionChecker::Open(
      {.schema_dir = config.schema_dir, .workflow_schema_file = config.workflow_schema_file, .strict = config.strict}, no_actions);
  if (!checker.ok()) {
    PrintError(checker.error());
    return kExitBadConfig;
  }
  if (config.settings.contains("templates.file")) {
    if (const auto pack = ReadTemplatePack(config.template_file); !pack.ok()) {
      PrintError(pack.error());
      return kExitBadConfig;
    }
  }
  for (const std::string& warning : config.warnings) std::fprintf(stderr, "%s (warning)\n", warning.c_str());
  std::printf("%s: ok\n", config.file.empty() ? "the default configuration" : config.file.c_str());
  return kExitOk;
}

int Serve(Config config, const ConfigSource& source) {
  if (const auto log = InitLog(config.log); !log.ok()) {
    PrintError(log.error());
    return kExitFailed;
  }
  const std::string config_file = config.file.empty() ? "(defaults)" : config.file;
  const std::string store = config.StoreName();
  auto app = App::Start(std::move(config));
  if (!app.ok()) {
    PrintError(app.error());
    return kExitFailed;
  }
  std::printf("orchestrator %s ready at %s\n", ORC_VERSION, (*app)->address().c_str());
  std::fflush(stdout);
  LogInfo("started", {{"version", ORC_VERSION},
                      {"address", (*app)->address()},
                      {"config", config_file},
                      {"store", store},
                      {"actions", (*app)->actions()}});
  GiveBackStartMemory();
  while (WaitForSignal() == SignalEvent::kReload) {
    const auto fresh = LoadConfig(source);
    if (fresh.ok()) {
      (*app)->Reload(*fresh);
      continue;
    }
    for (const Problem& problem : fresh.error().problems) LogError("reload refused", {{"error", problem.detail}});
    LogError("reload refused, everything stays as it was", {{"error", fresh.error().message}});
  }
  EndAtOnceOnNextStop();
  LogInfo("stopping: no new runs, waiting for what is under way");
  (*app)->Stop();
  LogInfo("stopped");
  return kExitOk;
}

}  // namespace

int RunMain(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "actions") return RunActionsCommand({argv + 2, argv + argc});
  if (argc > 1 && std::string_view(argv[1]) == "expr") return RunExprCommand({argv + 2, argv + argc});
  if (argc > 1 && IsDatabaseCommand(argv[1])) return RunDatabaseCommand(argv[1], {argv + 2, argv + argc}, SourceOf({}));
  const auto flags = ParseFlags({argv + 1, argv + argc});
  if (!flags.ok()) {
    PrintError(flags.error());
    return kExitBadUsage;
  }
  if (flags->mode == Flags::Mode::kHelp) return std::fputs(HelpText().data(), stdout) < 0 ? kExitFailed : kExitOk;
  if (flags->mode == Flags::Mode::kVersion) return std::printf("orchestrator %s\n", ORC_VERSION) < 0 ? kExitFailed : kExitOk;
  PrepareProcess();
  BlockSignals();
  const ConfigSource source = SourceOf(*flags);
  auto config = LoadConfig(source);
  if (!config.ok()) {
    PrintError(config.error());
    return kExitBadConfig;
  }
  return flags->mode == Flags::Mode::kCheckConfig ? CheckConfigOnly(*config) : Serve(std::move(config).value(), source);
}

}  // namespace orc
