#include "app/actions_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/config.h"
#include "app/flags.h"
#include "app/full_catalog.h"
#include "app/process.h"
#include "base/json_writer.h"
#include "base/nearest.h"
#include "workflow/action_docs.h"

namespace orc {
namespace {

constexpr std::string_view kHelp = R"(orchestrator actions: what is loaded, from which plugin

  orchestrator actions [--config FILE] [--json]    one line for each action
  orchestrator actions [--config FILE] NAME        the page of one, made of its schemas (Markdown)

Plugins are loaded as the server loads them. Exit codes: 0, 1 no such action or a plugin that does not load, 2 bad command line, 3 bad configuration.
)";

struct Wishes {
  std::string config_file;
  std::string name;
  bool as_json = false;
  bool help = false;
};

Result<Wishes> Parse(const std::vector<std::string>& arguments) {
  Wishes wishes;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--config" || argument == "-config") {
      if (i + 1 == arguments.size()) return Error{ErrorCode::kInvalid, "--config needs a file"};
      wishes.config_file = arguments[++i];
    } else if (argument == "--json") {
      wishes.as_json = true;
    } else if (argument == "--help" || argument == "-h") {
      wishes.help = true;
    } else if (argument.starts_with("-")) {
      return Error{ErrorCode::kInvalid, "the flag " + argument + " is not known" + DidYouMean(argument, {"--config", "--json", "--help"})};
    } else if (!wishes.name.empty()) {
      return Error{ErrorCode::kInvalid, "one action at a time: " + wishes.name + " and " + argument};
    } else {
      wishes.name = argument;
    }
  }
  return wishes;
}

std::string OriginOf(const ActionInfo& action) {
  if (action.plugin_name.empty()) return "built_in";
  return action.is_third_party ? "third_party" : "package";
}

std::string Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line.append(widths[i] - cells[i].size() + 2, ' ');
  }
  return line + "\n";
}

void PrintTable(const std::vector<std::shared_ptr<const ActionInfo>>& actions) {
  std::vector<std::vector<std::string>> rows = {{"ACTION", "VERSION", "PLUGIN", "ORIGIN", "ISOLATION", "DIGEST"}};
  for (const auto& a : actions) {
    const std::string plugin = a->plugin_name.empty() ? "-" : a->plugin_name + " " + a->plugin_version;
    const std::string digest = a->plugin_digest.empty() ? "-" : a->plugin_digest.substr(0, 23);
    rows.push_back({a->name, a->version.empty() ? "-" : a->version, plugin, OriginOf(*a), a->is_isolated ? "process" : "none", digest});
  }
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) std::fputs(Line(row, widths).c_str(), stdout);
}

void PrintAsJson(const std::vector<std::shared_ptr<const ActionInfo>>& actions) {
  JsonWriter writer;
  writer.BeginArray();
  for (const auto& a : actions) {
    writer.BeginObject().Field("name", a->name).Field("version", a->version).Field("summary", a->summary).Field("plugin", a->plugin_name);
    writer.Field("plugin_version", a->plugin_version).Field("file", a->plugin_file).Field("digest", a->plugin_digest);
    writer.Field("origin", OriginOf(*a)).Field("isolation", a->is_isolated ? "process" : "none").EndObject();
  }
  writer.EndArray();
  std::printf("%s\n", std::move(writer).text().c_str());
}

int Print(const Wishes& wishes, const FullCatalog& catalog) {
  const auto all = catalog.List();
  if (wishes.name.empty()) {
    wishes.as_json ? PrintAsJson(all) : PrintTable(all);
    return kExitOk;
  }
  if (const auto action = catalog.Find(wishes.name)) {
    wishes.as_json ? PrintAsJson({action}) : (void)std::fputs(ActionDocs(*action).c_str(), stdout);
    return kExitOk;
  }
  std::vector<std::string> names;
  for (const auto& action : all) names.push_back(action->name);
  std::fprintf(stderr, "orchestrator: there is no action \"%s\"%s\n", wishes.name.c_str(), DidYouMean(wishes.name, names).c_str());
  return kExitFailed;
}

int Fault(const Error& error, int code) {
  for (const Problem& problem : error.problems) std::fprintf(stderr, "%s\n", problem.detail.c_str());
  std::fprintf(stderr, "orchestrator: %s\n", error.message.c_str());
  return code;
}

}  // namespace

int RunActionsCommand(const std::vector<std::string>& arguments) {
  const auto wishes = Parse(arguments);
  if (!wishes.ok()) return Fault(wishes.error(), kExitBadUsage);
  if (wishes->help) return std::fputs(kHelp.data(), stdout) < 0 ? kExitFailed : kExitOk;
  PrepareProcess();
  const auto config = LoadConfig({.file = wishes->config_file,
                                  .paths = FindPaths(ExecutableFile()),
                                  .environment = ProcessEnvironment(),
                                  .is_root = ::geteuid() == 0});
  if (!config.ok()) return Fault(config.error(), kExitBadConfig);
  const SystemClock clock;
  const auto http = HttpService::Start(config->egress);
  if (!http.ok()) return Fault(http.error(), kExitFailed);
  const auto plugins = Plugins::Load(config->plugins, clock, **http);
  const int code = Print(*wishes, FullCatalog(*plugins));
  plugins->Stop();
  return plugins->failures().empty() ? code : kExitFailed;
}

}  // namespace orc
