#include "plugin/secret_input.h"

#include <map>
#include <optional>
#include <vector>

#include "expr/template.h"

namespace orc {
namespace {

/// `secrets.<name>` and nothing else. Each is read once, so that one input holds one value of it.
class SecretScope final : public Scope {
 public:
  explicit SecretScope(SecretSource& secrets) : secrets_(secrets) {}

  Result<Found> Find(std::span<const PathPart> path) const override {
    const std::string& root = std::get<std::string>(path.front());
    if (root != "secrets") return Refuse("\"" + root + "\" has no value here: it could not be filled in when the step began");
    if (path.size() == 1) return Found{Value::Map({}), 1};
    const std::string* name = std::get_if<std::string>(&path[1]);
    if (name == nullptr) return Refuse("secrets are known by name, not by number");
    auto read = values_.find(*name);
    if (read == values_.end()) read = values_.emplace(*name, secrets_.Read(*name)).first;
    if (read->second.ok()) return Found{Value::String(*read->second), 2};
    why_ = read->second.error().message;
    return Found{Value::Map({}), 1};  // in which it is not: has() says no
  }

  /// Of what was not found.
  const std::string& why() const { return why_; }
  std::string FirstName() const { return values_.empty() ? "secret" : values_.begin()->first; }

 private:
  Error Refuse(std::string message) const {
    why_ = message;
    return Error{ErrorCode::kInvalid, std::move(message)};
  }

  SecretSource& secrets_;
  mutable std::map<std::string, Result<std::string>> values_;
  mutable std::string why_;
};

/// Says of a failed evaluation no more than what was missing: its own words may quote the value.
Error SafeError(const Error& failed, const SecretScope& scope, const std::string& pointer) {
  const bool is_missing = !scope.why().empty();
  const std::string cause = is_missing ? scope.why() : "it fails with the secret put in; what it says of the value is not shown";
  Error error{ErrorCode::kInvalid, "at " + pointer + ": " + cause, {{pointer, cause}}};
  if (!failed.problems.empty()) error.problems.front().place = failed.problems.front().place;
  return error;
}

}  // namespace

Result<FilledInput> PutInSecrets(const std::string& text, SecretSource& secrets) {
  ORC_ASSIGN_OR_RETURN(const Json document, ParseJson(text));
  ORC_ASSIGN_OR_RETURN(const Template compiled, Template::Compile(document, "/input"));
  const SecretScope scope(secrets);
  std::optional<Error> fault;
  std::vector<Redactor::Secret> made;
  compiled.ForEachExpression([&](const std::string& pointer, const Expression& expression) {
    if (fault) return;
    const auto value = expression.Evaluate(scope);
    if (!value.ok()) {
      fault = SafeError(value.error(), scope, pointer);
    } else if (!value->is(Value::Kind::kString)) {
      const std::string cause = "an expression that names secrets must give a text, this one gives a " + std::string(value->type_name());
      fault = Error{ErrorCode::kInvalid, "at " + pointer + ": " + cause, {{pointer, cause, ExpressionPlace{expression.source(), 1, 1}}}};
    } else {
      made.push_back({scope.FirstName(), std::string(value->get_text())});
    }
  });
  if (fault) return *std::move(fault);
  auto filled = compiled.Evaluate(scope);
  if (!filled.ok()) return SafeError(filled.error(), scope, filled.error().problems.front().pointer);
  FilledInput result{*std::move(filled), nullptr};
  const auto redaction = secrets.Redaction();
  std::erase_if(made, [&](const Redactor::Secret& one) {
    return one.value.size() < Redactor::kLeastBytes || (redaction != nullptr && redaction->Finds(one.value));
  });
  if (!made.empty()) result.own = std::make_shared<const Redactor>(made);
  return result;
}

}  // namespace orc
