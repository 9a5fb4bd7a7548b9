// libFuzzer target: what anybody may write as an expression or a template. The first byte chooses which.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "expr/expression.h"
#include "expr/template.h"
#include "expr/value_json.h"

namespace {

using orc::Json;
using orc::Result;

const Json& Variables() {
  static const Json kVariables =
      orc::ParseJson(R"({"a":[1,2.5,"x",null,{"b":[true]}],"s":"some text","m":{"k":1,"key with space":[]},"big":18446744073709551615,
                         "h":"{{ s }}{"})")
          .value();
  return kVariables;
}

class FuzzScope final : public orc::Scope {
 public:
  Result<Found> Find(std::span<const orc::PathPart> path) const override {
    const Json* value = orc::Find(Variables(), std::get<std::string>(path.front()));
    if (value == nullptr) return orc::Error{orc::ErrorCode::kInvalid, "there is no such variable"};
    return Found{orc::Value::Of(*value), 1};
  }
};

/// The others are known later. `h` looks like an expression.
bool IsA(std::string_view name) { return name == "a" || name == "h"; }

void EvaluateExpression(std::string_view source) {
  const auto expression = orc::Expression::Compile(source, {.late_names = true});
  if (!expression.ok()) return;
  const FuzzScope scope;
  orc::Budget budget;
  const auto value = (*expression)->Evaluate(scope, budget);
  if (!value.ok()) {
    if (value.error().problems.empty()) abort();  // every failure has its place
    return;
  }
  const auto json = orc::ToJson(*value, budget);
  if (!json.ok()) return;
  // What is left to be evaluated later gives the same.
  orc::Budget other;
  const auto residual = (*expression)->Residual(IsA, scope, other);
  if (!residual.ok()) return;
  const auto again = orc::Expression::Compile(*residual, {.late_names = true});
  if (!again.ok()) return;  // longer or deeper than an expression may be
  const auto later = (*again)->Evaluate(scope, other);
  if (!later.ok()) return;  // the budget
  const auto same = orc::ToJson(*later, other);
  if (same.ok() && orc::PrintJson(*same) != orc::PrintJson(*json)) abort();
}

void EvaluateTemplate(std::string_view text) {
  const auto compiled = orc::Template::Compile(Json(boost::json::string_view(text.data(), text.size())));
  if (!compiled.ok()) return;
  const FuzzScope scope;
  const auto at_once = compiled->Evaluate(scope);
  const auto known = compiled->EvaluateKnown(IsA, scope);
  if (!known.ok()) return;
  // Filled in twice it is the same: no value has become an expression.
  const auto rest = orc::Template::Compile(*known);
  if (!rest.ok()) {
    const std::string& why = rest.error().message;
    if (why.find("has at most") == std::string::npos && why.find("nested deeper") == std::string::npos) abort();
    return;
  }
  const auto later = rest->Evaluate(scope);
  if (at_once.ok() && later.ok() && orc::PrintJson(*at_once) != orc::PrintJson(*later)) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  data[0] % 4 == 0 ? EvaluateTemplate(text) : EvaluateExpression(text);
  return 0;
}
