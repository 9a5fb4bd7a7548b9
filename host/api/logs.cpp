#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_history.h"
#include "api/stream_position.h"

namespace orc {
namespace {

/// One entry must fit into the buffer of a stream's reader.
constexpr size_t kMaxEntryBytes = 64u << 10;

Result<bool> ReadIsJson(const Query& query) {
  const std::string* format = query.Find("format");
  if (!format || *format == "text") return false;
  if (*format == "json") return true;
  return Error{ErrorCode::kUnreadable, "query parameter \"format\": found \"" + *format + "\", expected text or json"};
}

}  // namespace

Answer ListLogs(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(const bool is_json, ReadIsJson(call.query));
  ORC_ASSIGN_OR_RETURN(const int limit, ReadLimit(call.query));
  ORC_ASSIGN_OR_RETURN(const int64_t after, ReadRowId(call.query, "after", 0));
  ORC_ASSIGN_OR_RETURN(const int64_t position, ReadRowId(call.query, "cursor", after));
  ORC_RETURN_IF_ERROR(CheckRunExists(call, id));
  // One more than is shown says whether there is a next page.
  ORC_ASSIGN_OR_RETURN(const std::vector<LogRow> rows, call.parts().store.ReadLogs(id, position, limit + 1));
  const size_t shown = std::min(rows.size(), static_cast<size_t>(limit));
  std::shared_ptr<const Definition> definition;
  if (is_json && shown > 0) {
    ORC_ASSIGN_OR_RETURN(const Run run, call.parts().store.GetRun(id));
    ORC_ASSIGN_OR_RETURN(definition, call.parts().definitions.Get(run.identity.workflow_id, run.identity.workflow_version));
  }
  ListWriter list;
  for (size_t i = 0; i < shown; ++i) {
    if (is_json) {
      list.items().Raw(RenderLogLine(rows[i], *definition));
    } else {
      list.items().String(rows[i].text);
    }
  }
  return list.Finish(shown < rows.size() ? std::to_string(rows[shown - 1].id) : std::string());
}

Answer AppendLog(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(IdempotencyKeys::Verdict verdict, call.context->idempotency.Begin(call.request()));
  if (verdict.replay) return std::move(*verdict.replay);
  std::string_view text = call.request().body;
  if (text.size() > kMaxEntryBytes) {
    return Error{ErrorCode::kTooLarge, "a log entry may have at most " + std::to_string(kMaxEntryBytes) + " bytes"};
  }
  // The line break at the end of a line of text ends the entry, it is not part of it.
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return Error{ErrorCode::kInvalid, "the body is empty; expected the text of a log entry"};
  ORC_RETURN_IF_ERROR(CheckRunExists(call, id));
  LogRow row;
  row.run_id = id;
  row.at_us = call.parts().clock.NowUs();
  row.source = "client";
  row.text = ToStorableText(text);
  Write write;
  write.answer = JsonResponse(200, R"({"ok":true})");
  write.claim = std::move(verdict.claim);
  write.change.logs.push_back(std::move(row));
  return CommitThenSend(call, std::move(write));
}

Answer StreamLogs(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(const bool is_json, ReadIsJson(call.query));
  ORC_ASSIGN_OR_RETURN(const int64_t position, ReadStreamPosition(call, 0));
  ORC_RETURN_IF_ERROR(CheckRunExists(call, id));
  return StreamStart{{is_json ? SseTopicKey::Kind::kLogJson : SseTopicKey::Kind::kLogText, id}, position};
}

}  // namespace orc
