// Writes JSON text piece by piece, with stored documents put in as they are (never parsed on the way).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace orc {

/// Appends to a string of its own; commas are its business. One thread.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view text);
  JsonWriter& Int(int64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  JsonWriter& Value(const Json& value);
  /// `text` must be one JSON document.
  JsonWriter& Raw(std::string_view text);

  // Key and value in one call: what most code wants.
  JsonWriter& Field(std::string_view key, std::string_view text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, const char* text) { return Key(key).String(text); }
  JsonWriter& Field(std::string_view key, int64_t value) { return Key(key).Int(value); }
  JsonWriter& Field(std::string_view key, int value) { return Key(key).Int(value); }
  JsonWriter& Field(std::string_view key, bool value) { return Key(key).Bool(value); }
  JsonWriter& FieldRaw(std::string_view key, std::string_view text) { return Key(key).Raw(text); }

  const std::string& text() const& { return out_; }
  std::string text() && { return std::move(out_); }

 private:
  void Separate();

  std::string out_;
  bool need_comma_ = false;
};

}  // namespace orc
