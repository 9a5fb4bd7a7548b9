// Result and Error: how every fallible function of the host answers. Exceptions stop at three borders: the API
// handler, the SDK trampoline, calls into Poco and Boost.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace orc {

/// What kind of failure it is. `api/problem.cpp` is the one place that maps these to HTTP.
enum class ErrorCode {
  kUnreadable,  // not what the format demands: broken JSON, a bad query
  kInvalid,     // readable, but breaks a rule; `problems` lists every one
  kNotFound,
  kConflict,  // the state of the thing does not allow it
  kTooLarge,
  kUnsupportedType,  // media type
  kForbidden,
  kUnavailable,  // full queue, full disk, draining: the same call may succeed later
  kInternal,
};

/// Where in an expression something is wrong. Both count from 1; columns count characters, not bytes.
struct ExpressionPlace {
  std::string source = {};  // the expression as it was written
  int line = 1;
  int column = 1;
};

/// One fault of a document, found at `pointer` (RFC 6901; "" is the whole document).
struct Problem {
  std::string pointer;
  std::string detail;
  std::optional<ExpressionPlace> place = {};  // of a fault inside an expression
  std::string suggestion = {};                // the known name that may have been meant, or ""
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;                 // one sentence: what, where, what was expected
  std::vector<Problem> problems = {};  // for kInvalid: all of them
  std::vector<Problem> warnings = {};  // what else was noticed on the way
};

/// A value or the error that kept it away. `value()` without `ok()` terminates.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace orc

// Hands an error of `expression` (a Result) to the caller; goes on otherwise.
#define ORC_RETURN_IF_ERROR(expression)                     \
  do {                                                      \
    if (auto orc_result = (expression); !orc_result.ok()) { \
      return std::move(orc_result).error();                 \
    }                                                       \
  } while (false)

// ORC_ASSIGN_OR_RETURN(auto x, Compute()): x, or the caller gets the error.
#define ORC_CONCAT_INNER(a, b) a##b
#define ORC_CONCAT(a, b) ORC_CONCAT_INNER(a, b)
#define ORC_ASSIGN_OR_RETURN(target, expression) ORC_ASSIGN_OR_RETURN_IMPL(ORC_CONCAT(orc_result_, __LINE__), target, expression)
#define ORC_ASSIGN_OR_RETURN_IMPL(name, target, expression) \
  auto name = (expression);                                 \
  if (!name.ok()) return std::move(name).error();           \
  target = std::move(name).value()
