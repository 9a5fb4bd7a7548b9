// A streamed chat completion, put together again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "log_lines.h"
#include "sse_parser.h"

namespace orc::chat {

/// Takes the pieces of an answer with `stream: true` and makes the answer that the same request has without it. One thread.
class ChatStream {
 public:
  using OnLine = LogLines::OnLine;
  /// `on_line` gets the text of the answer, line by line, as it comes.
  explicit ChatStream(OnLine on_line);
  ChatStream(const ChatStream&) = delete;
  ChatStream& operator=(const ChatStream&) = delete;

  void Feed(std::string_view piece) { parser_.Feed(piece); }
  /// No piece follows.
  void Finish();

  /// Whether anything of a stream came: a service may answer with plain JSON all the same.
  bool any() const { return any_; }
  /// Why the answer is not whole, in words; "" when it is. After Finish.
  std::string fault() const;
  /// Whether the stream was merely cut short, rather than wrong in itself.
  bool is_cut() const { return error_.empty() && !IsWhole(); }
  /// {id, object, created, model, choices: [{index, message, finish_reason}], usage …}. Also of a broken stream: what came.
  Json Answer() const;

 private:
  struct Choice {
    explicit Choice(OnLine on_line) : log(std::move(on_line)) {}
    JsonObject message;
    std::map<int64_t, JsonObject> tool_calls;
    Json finish_reason;
    JsonObject rest;
    LogLines log;
  };

  void TakeData(std::string_view data);
  void TakeChunk(const JsonObject& chunk);
  void TakeChoice(const Json& choice);
  void TakeDelta(Choice& choice, const JsonObject& delta);
  Choice* ChoiceAt(int64_t index);
  bool IsWhole() const;

  OnLine on_line_;
  SseParser parser_;
  JsonObject head_;
  std::map<int64_t, Choice> choices_;
  bool any_ = false;
  bool done_ = false;
  std::string error_;
};

}  // namespace orc::chat
