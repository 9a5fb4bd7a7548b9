#include "chat_stream.h"

namespace orc::chat {
namespace {

constexpr int64_t kMaxChoices = 128;
constexpr int64_t kMaxToolCalls = 1024;
constexpr size_t kShown = 200;

void AppendText(JsonObject& object, std::string_view key, std::string_view text) {
  Json& value = object[key];
  if (!value.is_string()) value = boost::json::string();
  value.get_string().append(text);
}

/// Text that comes whole, once; some services repeat it with every chunk.
void SetText(JsonObject& object, std::string_view key, const Json& value) {
  if (value.is_string() && !value.get_string().empty()) object[key] = value;
}

void MergeFunction(JsonObject& call, const Json& function) {
  if (!function.is_object()) return;
  Json& merged = call["function"];
  if (!merged.is_object()) merged = {{"name", ""}, {"arguments", ""}};
  if (const Json* name = Find(function, "name")) SetText(merged.get_object(), "name", *name);
  AppendText(merged.get_object(), "arguments", StringAt(function, "arguments"));
}

void MergeToolCalls(std::map<int64_t, JsonObject>& calls, const Json& delta) {
  if (!delta.is_array()) return;
  int64_t position = 0;
  for (const Json& piece : delta.get_array()) {
    const int64_t index = IntAt(piece, "index").value_or(position);
    ++position;
    if (!piece.is_object() || index < 0 || index >= kMaxToolCalls) continue;
    JsonObject& call = calls[index];
    for (const auto& field : piece.get_object()) {
      if (field.key() == "function") {
        MergeFunction(call, field.value());
      } else if (field.key() != "index" && !field.value().is_null()) {
        call[field.key()] = field.value();
      }
    }
  }
}

std::string ErrorIn(const Json& error) {
  if (error.is_string()) return std::string(error.get_string());
  const auto message = StringAt(error, "message");
  return message.empty() ? PrintJson(error).substr(0, kShown) : std::string(message);
}

}  // namespace

ChatStream::ChatStream(OnLine on_line) : on_line_(std::move(on_line)), parser_([this](std::string_view data) { TakeData(data); }) {}

void ChatStream::Finish() {
  parser_.Finish();
  for (auto& [index, choice] : choices_) choice.log.Flush();
}

void ChatStream::TakeData(std::string_view data) {
  any_ = true;
  if (done_ || data.empty()) return;
  if (data == "[DONE]") {
    done_ = true;
    return;
  }
  const auto chunk = ParseJson(data);
  if (!chunk.ok() || !chunk->is_object()) {
    if (error_.empty()) {
      error_ = "the stream has a chunk that is no JSON object";
      if (!chunk.ok()) error_ += " (" + chunk.error().message + ")";
    }
    return;
  }
  TakeChunk(chunk->get_object());
}

void ChatStream::TakeChunk(const JsonObject& chunk) {
  for (const auto& field : chunk) {
    if (field.key() == "choices") {
      if (!field.value().is_array()) continue;
      for (const Json& choice : field.value().get_array()) TakeChoice(choice);
    } else if (field.key() == "error" && !field.value().is_null()) {
      if (error_.empty()) error_ = "the stream ended with an error: " + ErrorIn(field.value());
    } else if (!field.value().is_null() || !head_.contains(field.key())) {
      head_[field.key()] = field.value();  // usage comes with the last chunk and is null before
    }
  }
}

ChatStream::Choice* ChatStream::ChoiceAt(int64_t index) {
  if (index < 0 || index >= kMaxChoices) return nullptr;
  if (const auto it = choices_.find(index); it != choices_.end()) return &it->second;
  auto on_line = on_line_;
  if (index > 0) {
    on_line = [out = on_line_, prefix = "[" + std::to_string(index) + "] "](std::string_view line) { out(prefix + std::string(line)); };
  }
  return &choices_.try_emplace(index, std::move(on_line)).first->second;
}

void ChatStream::TakeChoice(const Json& piece) {
  Choice* choice = piece.is_object() ? ChoiceAt(IntAt(piece, "index").value_or(0)) : nullptr;
  if (choice == nullptr) return;
  for (const auto& field : piece.get_object()) {
    if (field.key() == "delta") {
      if (field.value().is_object()) TakeDelta(*choice, field.value().get_object());
    } else if (field.key() == "finish_reason") {
      if (!field.value().is_null()) choice->finish_reason = field.value();
    } else if (field.key() != "index" && !field.value().is_null()) {
      choice->rest[field.key()] = field.value();
    }
  }
}

void ChatStream::TakeDelta(Choice& choice, const JsonObject& delta) {
  for (const auto& field : delta) {
    const Json& value = field.value();
    if (field.key() == "tool_calls") {
      MergeToolCalls(choice.tool_calls, value);
    } else if (field.key() == "function_call") {
      JsonObject wrapped;
      if (const Json* begun = choice.message.if_contains("function_call")) wrapped["function"] = *begun;
      MergeFunction(wrapped, value);
      if (wrapped.contains("function")) choice.message["function_call"] = wrapped["function"];
    } else if (field.key() == "role") {
      SetText(choice.message, "role", value);
    } else if (value.is_string()) {  // content, refusal, reasoning_content …
      AppendText(choice.message, field.key(), value.get_string());
      if (field.key() == "content") choice.log.Add(value.get_string());
    } else if (!value.is_null()) {
      choice.message[field.key()] = value;
    }
  }
}

bool ChatStream::IsWhole() const {
  if (done_) return true;
  if (choices_.empty()) return false;
  for (const auto& [index, choice] : choices_) {
    if (choice.finish_reason.is_null()) return false;
  }
  return true;
}

std::string ChatStream::fault() const {
  if (!error_.empty()) return error_;
  return IsWhole() ? "" : "the stream ended before its end mark";
}

Json ChatStream::Answer() const {
  JsonObject answer = head_;
  answer["object"] = "chat.completion";
  JsonArray choices;
  for (const auto& [index, choice] : choices_) {
    JsonObject message = choice.message;
    if (!message.contains("role")) message["role"] = "assistant";
    if (!message.contains("content")) message["content"] = nullptr;
    if (!choice.tool_calls.empty()) {
      JsonArray calls;
      for (const auto& [position, call] : choice.tool_calls) calls.emplace_back(call);
      message["tool_calls"] = std::move(calls);
    }
    JsonObject entry{{"index", index}, {"message", std::move(message)}, {"finish_reason", choice.finish_reason}};
    for (const auto& field : choice.rest) entry.emplace(field.key(), field.value());
    choices.emplace_back(std::move(entry));
  }
  answer["choices"] = std::move(choices);
  return answer;
}

}  // namespace orc::chat
