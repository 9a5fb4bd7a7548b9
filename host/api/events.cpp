#include "api/answers.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/render_history.h"
#include "api/stream_position.h"

namespace orc {

Answer ListEvents(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(const int limit, ReadLimit(call.query));
  ORC_ASSIGN_OR_RETURN(const int64_t after, ReadRowId(call.query, "after", 0));
  ORC_ASSIGN_OR_RETURN(const int64_t position, ReadRowId(call.query, "cursor", after));
  ORC_RETURN_IF_ERROR(CheckRunExists(call, id));
  ORC_ASSIGN_OR_RETURN(const std::vector<EventRow> rows, call.parts().store.ReadEvents(id, position, limit + 1));
  const size_t shown = std::min(rows.size(), static_cast<size_t>(limit));
  ListWriter list;
  for (size_t i = 0; i < shown; ++i) list.items().Raw(RenderEvent(rows[i]));
  return list.Finish(shown < rows.size() ? std::to_string(rows[shown - 1].id) : std::string());
}

Answer StreamRunEvents(Call& call) {
  const std::string& id = call.params[0];
  ORC_ASSIGN_OR_RETURN(const int64_t position, ReadStreamPosition(call, 0));
  ORC_RETURN_IF_ERROR(CheckRunExists(call, id));
  return StreamStart{{SseTopicKey::Kind::kEvents, id}, position};
}

// Of all runs only what happens from now on, unless the client says where it was.
Answer StreamAllEvents(Call& call) {
  ORC_ASSIGN_OR_RETURN(const int64_t last, call.parts().store.LastEventId());
  ORC_ASSIGN_OR_RETURN(const int64_t position, ReadStreamPosition(call, last));
  return StreamStart{{SseTopicKey::Kind::kEvents, ""}, position};
}

}  // namespace orc
