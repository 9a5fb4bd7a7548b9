#include "api/answers.h"

#include "api/problem.h"

namespace orc {

Response JsonResponse(int status, std::string body) { return {status, std::move(body), "application/json", {}}; }

Response NoContent() { return {204, {}, "", {}}; }

Response ListWriter::Finish(std::string_view next_cursor) {
  writer_.EndArray().Key("next_cursor");
  if (next_cursor.empty()) {
    writer_.Null();
  } else {
    writer_.String(next_cursor);
  }
  writer_.EndObject();
  return JsonResponse(200, std::move(writer_).text());
}

Answer CommitThenSend(const Call& call, Write write) {
  if (write.claim) write.change.idempotency.push_back(write.claim->RowFor(write.answer, call.parts().clock.NowUs()));
  Change change = std::move(write.change);
  const auto kept = std::make_shared<Write>(std::move(write));
  const Result<void> taken =
      call.parts().committer.Submit(std::move(change), Committer::Urgency::kNewWork,
                                    [context = call.context, completion = call.completion, kept](const Result<void>& done) {
                                      if (kept->claim) kept->claim->Release();
                                      if (done.ok()) {
                                        if (kept->after) kept->after(*context);
                                        completion->Send(kept->answer);
                                      } else if (done.error().code == ErrorCode::kConflict) {
                                        completion->Send(ProblemOf(kept->conflict_status, done.error(), completion->request().path()));
                                      } else {
                                        completion->Fail(done.error());
                                      }
                                    });
  if (!taken.ok()) return taken.error();
  return Pending{};
}

}  // namespace orc
