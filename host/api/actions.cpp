#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "base/nearest.h"

namespace orc {
namespace {

std::string_view SchemaOf(const std::string& text) { return text.empty() ? std::string_view("null") : std::string_view(text); }

std::string_view OriginOf(const ActionInfo& action) {
  if (action.plugin_name.empty()) return "built_in";
  return action.is_third_party ? "third_party" : "package";
}

void WriteAction(JsonWriter& writer, const ActionInfo& action) {
  writer.BeginObject().Field("name", action.name).Field("version", action.version).Field("summary", action.summary);
  writer.Field("built_in", action.plugin_name.empty()).Key("plugin");
  if (action.plugin_name.empty()) {
    writer.Null();
  } else {
    const std::string file = action.plugin_file.substr(action.plugin_file.rfind('/') + 1);
    writer.BeginObject().Field("name", action.plugin_name).Field("version", action.plugin_version).Field("file", file);
    writer.Field("digest", action.plugin_digest).EndObject();
  }
  writer.Field("origin", OriginOf(action)).Field("isolation", action.is_isolated ? "process" : "none");
  writer.Field("idempotent", action.idempotent).FieldRaw("config_schema", SchemaOf(action.config_schema_text));
  writer.FieldRaw("input_schema", SchemaOf(action.input_schema_text)).FieldRaw("output_schema", SchemaOf(action.output_schema_text));
  writer.EndObject();
}

}  // namespace

/// The cursor is the name of the last one that was told.
Answer ListActions(Call& call) {
  ORC_ASSIGN_OR_RETURN(const Page page, ReadPage(call.query));
  ListWriter list;
  std::string last;
  int told = 0;
  for (const auto& action : call.parts().catalog.List()) {
    if (action->name <= page.cursor) continue;
    if (told++ == page.limit) return list.Finish(last);
    WriteAction(list.items(), *action);
    last = action->name;
  }
  return list.Finish("");
}

Answer GetAction(Call& call) {
  const std::string& name = call.params[0];
  if (const auto action = call.parts().catalog.Find(name)) {
    JsonWriter writer;
    WriteAction(writer, *action);
    return JsonResponse(200, std::move(writer).text());
  }
  std::vector<std::string> known;
  for (const auto& action : call.parts().catalog.List()) known.push_back(action->name);
  return Error{ErrorCode::kNotFound, "there is no action \"" + name + "\"" + DidYouMean(name, known)};
}

}  // namespace orc
