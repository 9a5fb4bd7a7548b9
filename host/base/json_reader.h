// The handlers that Boost.JSON's parser calls: what is refused, and what is built. Included by json_parse.cpp only.
#pragma once

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

namespace orc {

/// The keys of one open object; remembers few in a vector and many in a set. Reused from object to object.
class OpenKeys {
 public:
  void Clear() {
    count_ = 0;
    many_.clear();
  }
  /// False when the key was there already.
  bool Add(const std::string& key) {
    if (count_ >= kFew) return AddToMany(key);
    for (size_t i = 0; i < count_; ++i) {
      if (few_[i] == key) return false;
    }
    if (few_.size() == count_) few_.emplace_back();
    few_[count_++].assign(key);
    return true;
  }

 private:
  static constexpr size_t kFew = 24;
  bool AddToMany(const std::string& key) {
    if (many_.empty()) many_.insert(few_.begin(), few_.end());
    return many_.insert(key).second;
  }
  std::vector<std::string> few_;
  size_t count_ = 0;
  std::unordered_set<std::string> many_;
};

/// Judges a document as it is parsed; `Sink` builds the value, or nothing.
template <typename Sink>
class JsonReader {
 public:
  // The names are Boost.JSON's. NOLINTBEGIN(readability-identifier-naming)
  static constexpr size_t max_object_size = static_cast<size_t>(-1);
  static constexpr size_t max_array_size = static_cast<size_t>(-1);
  static constexpr size_t max_key_size = static_cast<size_t>(-1);
  static constexpr size_t max_string_size = static_cast<size_t>(-1);
  // NOLINTEND(readability-identifier-naming)
  using Code = boost::json::error_code;
  using Text = boost::json::string_view;

  explicit JsonReader(size_t max_depth) : max_depth_(max_depth) {}

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& code) {
    if (!Enter(code)) return false;
    if (open_.size() <= depth_) open_.resize(depth_ + 1);
    open_[depth_].Clear();
    return true;
  }
  bool on_object_end(size_t count, Code&) {
    --depth_;
    sink_.Object(count);
    return true;
  }
  bool on_array_begin(Code& code) { return Enter(code); }
  bool on_array_end(size_t count, Code&) {
    --depth_;
    sink_.Array(count);
    return true;
  }
  bool on_key_part(Text text, size_t, Code&) {
    key_.append(text.data(), text.size());
    sink_.Part(text);
    return true;
  }
  bool on_key(Text text, size_t, Code& code) {
    key_.append(text.data(), text.size());
    sink_.Key(text);
    if (!open_[depth_].Add(key_)) {
      at_key_ = true;
      return Fail(code, "duplicate key \"" + key_ + "\"");
    }
    key_.clear();
    return true;
  }
  bool on_string_part(Text text, size_t, Code&) {
    sink_.Part(text);
    return true;
  }
  bool on_string(Text text, size_t, Code&) {
    sink_.String(text);
    return true;
  }
  bool on_number_part(Text text, Code&) {
    number_.append(text.data(), text.size());
    return true;
  }
  bool on_int64(int64_t value, Text, Code&) {
    number_.clear();
    sink_.Int(value);
    return true;
  }
  bool on_uint64(uint64_t value, Text, Code&) {
    number_.clear();
    sink_.Uint(value);
    return true;
  }
  bool on_double(double, Text text, Code& code) {
    number_.append(text.data(), text.size());
    const std::string digits = std::exchange(number_, {});
    if (digits.find_first_of(".eE") == std::string::npos) return Fail(code, "the integer " + digits + " does not fit into 64 bits");
    // Boost 1.81 may be off by one in the last bit: from_chars rounds as it should.
    double value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc::result_out_of_range && IsTiny(digits))
      value = 0;
    else if (read.ec != std::errc() || !std::isfinite(value))
      return Fail(code, "the number " + digits + " is out of range");
    sink_.Double(value);
    return true;
  }
  bool on_bool(bool value, Code&) {
    sink_.Bool(value);
    return true;
  }
  bool on_null(Code&) {
    sink_.Null();
    return true;
  }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  const std::string& refusal() const { return refusal_; }
  bool at_key() const { return at_key_; }
  Sink& sink() { return sink_; }

 private:
  bool Enter(Code& code) {
    if (depth_ == max_depth_) return Fail(code, "nested deeper than " + std::to_string(max_depth_) + " levels");
    ++depth_;
    return true;
  }
  bool Fail(Code& code, std::string why) {
    refusal_ = std::move(why);
    code = boost::json::error::syntax;
    return false;
  }
  /// Of a number that does not fit a double: too near to zero (a negative exponent), rather than too large.
  static bool IsTiny(const std::string& digits) {
    const size_t e = digits.find_first_of("eE");
    if (e == std::string::npos) return digits.find_first_of("123456789") > digits.find('.');
    return e + 1 < digits.size() && digits[e + 1] == '-';
  }

  const size_t max_depth_;
  size_t depth_ = 0;
  std::vector<OpenKeys> open_;
  std::string key_;
  std::string number_;
  std::string refusal_;
  bool at_key_ = false;
  Sink sink_;
};

/// Builds nothing: for documents that only pass through.
struct NoValue {
  using Text = boost::json::string_view;
  void Object(size_t) {}
  void Array(size_t) {}
  void Part(Text) {}
  void Key(Text) {}
  void String(Text) {}
  void Int(int64_t) {}
  void Uint(uint64_t) {}
  void Double(double) {}
  void Bool(bool) {}
  void Null() {}
};

/// Builds the value.
struct BuildValue {
  using Text = boost::json::string_view;
  BuildValue() { stack.reset(); }
  void Object(size_t count) { stack.push_object(count); }
  void Array(size_t count) { stack.push_array(count); }
  void Part(Text text) { stack.push_chars(text); }
  void Key(Text text) { stack.push_key(text); }
  void String(Text text) { stack.push_string(text); }
  void Int(int64_t value) { stack.push_int64(value); }
  void Uint(uint64_t value) { stack.push_uint64(value); }
  void Double(double value) { stack.push_double(value); }
  void Bool(bool value) { stack.push_bool(value); }
  void Null() { stack.push_null(); }
  boost::json::value_stack stack;
};

}  // namespace orc
