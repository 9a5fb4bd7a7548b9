#include "api/answers.h"
#include "api/handlers.h"

namespace orc {
namespace {

void WriteNames(JsonWriter& writer, std::string_view key, const std::vector<std::string>& names) {
  writer.Key(key).BeginArray();
  for (const std::string& name : names) writer.String(name);
  writer.EndArray();
}

}  // namespace

/// It holds up this worker until it is done, some milliseconds for each file that changed: an administrator's call, one at a time.
Answer ReloadPlugins(Call& call) {
  if (!call.parts().reload_plugins) return Error{ErrorCode::kUnavailable, "this server has no plugins"};
  const PluginReload done = call.parts().reload_plugins();
  JsonWriter writer;
  writer.BeginObject();
  WriteNames(writer, "loaded", done.loaded);
  WriteNames(writer, "kept", done.kept);
  WriteNames(writer, "removed", done.removed);
  WriteNames(writer, "failed", done.failed);
  writer.EndObject();
  return JsonResponse(200, std::move(writer).text());
}

}  // namespace orc
