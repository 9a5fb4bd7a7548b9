#include "program.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <cctype>
#include <memory>

namespace {

constexpr int kMaxResults = 100'000;

/// A jv that frees itself. libjq's functions take what they are given.
class Value {
 public:
  explicit Value(jv value) : value_(value) {}
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  ~Value() { jv_free(value_); }
  jv Copy() const { return jv_copy(value_); }
  bool IsValid() const { return Kind() != JV_KIND_INVALID; }
  jv_kind Kind() const { return jv_get_kind(value_); }
  std::string Text() const { return {jv_string_value(value_), static_cast<size_t>(jv_string_length_bytes(Copy()))}; }

 private:
  jv value_;
};

std::string Dumped(jv value) { return Value(jv_dump_string(value, 0)).Text(); }

ProgramResult Failure(std::string code, std::string text) { return {false, std::move(code), std::move(text)}; }

void KeepError(void* context, jv message) {
  auto& text = *static_cast<std::string*>(context);
  const Value value(jv_dump_string(message, 0));
  if (text.size() < 2000) text += (text.empty() ? "" : "; ") + value.Text();
}

struct Close {
  void operator()(jq_state* state) const { jq_teardown(&state); }
};

std::string ErrorText(jv invalid) {
  const Value message(jv_invalid_get_msg(invalid));
  if (message.Kind() == JV_KIND_STRING) return message.Text();
  return Dumped(message.Copy());
}

ProgramResult Collect(jq_state* state, bool all) {
  jv results = jv_array();
  for (int count = 0;; ++count) {
    jv next = jq_next(state);
    if (jv_get_kind(next) == JV_KIND_INVALID) {
      if (jv_invalid_has_msg(jv_copy(next)) != 0) {
        jv_free(results);
        return Failure("jq_error", ErrorText(next));
      }
      jv_free(next);
      break;
    }
    if (count >= kMaxResults) {
      jv_free(next);
      jv_free(results);
      return Failure("jq_error", "the program gives more than " + std::to_string(kMaxResults) + " results");
    }
    results = jv_array_append(results, next);
    if (!all) break;
  }
  if (all) return {true, {}, Dumped(results)};
  jv first = jv_array_get(results, 0);
  if (jv_get_kind(first) != JV_KIND_INVALID) return {true, {}, Dumped(first)};
  jv_free(first);
  return {true, {}, "null"};
}

bool IsWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

bool ReadsFiles(std::string_view program) {
  for (size_t i = 0; i < program.size();) {
    if (!IsWordPart(program[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < program.size() && IsWordPart(program[end])) ++end;
    const std::string_view word = program.substr(i, end - i);
    const bool is_field = i > 0 && program[i - 1] == '.';
    if ((word == "import" || word == "include") && !is_field) return true;
    i = end;
  }
  return false;
}

ProgramResult RunProgram(std::string_view text) {
  const Value document(jv_parse_sized(text.data(), static_cast<int>(text.size())));
  if (!document.IsValid()) return Failure("input_invalid", ErrorText(document.Copy()));
  const auto member = [&](const char* name) { return jv_object_get(document.Copy(), jv_string(name)); };
  const Value program(member("program"));
  const Value input(member("input"));
  const Value all(member("all"));
  const std::string source = program.Text();
  if (source.find('\0') != std::string::npos) return Failure("input_invalid", "the program holds a NUL character");
  if (ReadsFiles(source)) return Failure("input_invalid", "the program has the word import or include: files are not to be had");
  const std::unique_ptr<jq_state, Close> state(jq_init());
  if (!state) return Failure("jq_error", "libjq could not be started");
  std::string errors;
  jq_set_error_cb(state.get(), &KeepError, &errors);
  if (jq_compile(state.get(), source.c_str()) == 0) return Failure("jq_syntax", errors.empty() ? "the program can't be compiled" : errors);
  jq_start(state.get(), input.IsValid() ? input.Copy() : jv_null(), 0);
  return Collect(state.get(), all.Kind() == JV_KIND_TRUE);
}
