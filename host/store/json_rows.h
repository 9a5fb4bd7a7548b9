// The rows of one kind on their way into the database: one JSON array of arrays, for one parameter of one statement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// Text goes in so that the database gets it back as it was: documents are strings that hold their text, bytes that are not UTF-8 and
/// NULs (at which SQLite would cut it, and for which PostgreSQL refuses the batch) become U+FFFD.
class JsonRows {
 public:
  JsonRows& Row();  // begins one
  JsonRows& Text(std::string_view text);
  JsonRows& Int(int64_t number);
  JsonRows& Null();

  int64_t count() const { return count_; }
  size_t bytes() const { return text_.size(); }
  /// Ends the array; add no more until Clear.
  std::string_view Finish();
  void Clear();

 private:
  void Separate();

  std::string text_;
  int64_t count_ = 0;
};

}  // namespace orc
