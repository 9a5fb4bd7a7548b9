// How handlers answer: at once, or when a change is on the disk.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/context.h"
#include "base/json_writer.h"

namespace orc {

Response JsonResponse(int status, std::string body);
Response NoContent();

/// `{"items":[` … `],"next_cursor":…}`: the cursor is null at the end.
class ListWriter {
 public:
  ListWriter() { writer_.BeginObject().Key("items").BeginArray(); }
  JsonWriter& items() { return writer_; }
  Response Finish(std::string_view next_cursor);

 private:
  JsonWriter writer_;
};

/// A change with the answer that is sent once it is on the disk.
struct Write {
  Change change;
  Response answer;
  IdempotencyClaimPtr claim = nullptr;       // its row is added to the change
  int conflict_status = 409;                 // of a kConflict: 412 where the client named a version
  std::function<void(Context&)> after = {};  // on the committer's thread, once it is on the disk; must return at once
};
Answer CommitThenSend(const Call& call, Write write);

}  // namespace orc
