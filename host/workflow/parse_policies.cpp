#include "workflow/parse_policies.h"

#include <array>
#include <charconv>

#include "workflow/field_reader.h"
#include "workflow/limits.h"

namespace orc {
namespace {

Result<Template> CompileAt(const Json& document, const std::string& pointer, std::vector<Problem>& problems) {
  auto compiled = Template::Compile(document, pointer);
  if (!compiled.ok()) problems.insert(problems.end(), compiled.error().problems.begin(), compiled.error().problems.end());
  return compiled;
}

void ParseForm(const Json& form, const std::string& pointer, GatePolicy& gate, std::vector<Problem>& problems) {
  gate.form = form;
  auto compiled = JsonSchema::Compile("of the form", form);
  if (compiled.ok()) {
    gate.form_schema = *std::move(compiled);
    return;
  }
  for (const Problem& problem : compiled.error().problems) problems.push_back({pointer + problem.pointer, problem.detail});
  if (compiled.error().problems.empty()) problems.push_back({pointer, compiled.error().message});
}

GatePolicy ParseGateObject(const Json& object, bool expressions, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(object, pointer, problems);
  GatePolicy gate;
  gate.approvers = fields.Texts("approvers");
  for (const std::string& approver : gate.approvers) {
    const bool fits = (approver.starts_with("user:") || approver.starts_with("role:")) && approver.size() > 5;
    if (!fits) fields.Fault("approvers", "an approver is \"user:<name>\" or \"role:<name>\", found \"" + approver + "\"");
  }
  gate.count = static_cast<int32_t>(fields.Int("count", 1, 1, 100));
  gate.allow_self = fields.Bool("allow_self", false);
  gate.timeout_ms = fields.Int("timeout_ms", 0, 1, kMaxRunMs);
  gate.on_timeout = static_cast<GatePolicy::OnTimeout>(fields.Choice("on_timeout", 0, {"reject", "approve", "fail"}));
  if (const Json* form = fields.Object("form")) ParseForm(*form, fields.PointerTo("form"), gate, problems);
  const std::string message = fields.Text("message");
  if (message.empty()) return gate;
  auto compiled = CompileAt(expressions ? Json(message) : Json(), fields.PointerTo("message"), problems);
  if (compiled.ok() && expressions) gate.message = *std::move(compiled);
  return gate;
}

/// "30m", "12h", "7d", "forever" (-1) in milliseconds; nothing when it is none of these.
std::optional<int64_t> ReadSpan(std::string_view text) {
  if (text == "forever") return -1;
  constexpr std::array<std::pair<char, int64_t>, 4> kUnits = {{{'s', 1000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}}};
  constexpr int64_t kMost = 36'500;  // a hundred years of days
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr + 1 != text.data() + text.size() || number < 0) return std::nullopt;
  for (const auto& [unit, ms] : kUnits) {
    if (*read.ptr == unit && number <= kMost * 86'400'000 / ms) return number * ms;
  }
  return std::nullopt;
}

}  // namespace

RetryPolicy ParseRetry(const Json& retry, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(retry, pointer, problems);
  RetryPolicy policy;
  policy.max = static_cast<int32_t>(fields.Int("max", policy.max, 0, kMaxRetries));
  policy.backoff_ms = fields.Int("backoff_ms", policy.backoff_ms, 0, kMaxWaitMs);
  policy.factor = fields.Real("factor", policy.factor, 1, 1000);
  policy.max_backoff_ms = fields.Int("max_backoff_ms", 0, 1, kMaxWaitMs);
  policy.jitter = fields.Real("jitter", 0, 0, 1);
  policy.on = fields.Texts("on");
  policy.budget_ms = fields.Int("budget_ms", 0, 1, kMaxRunMs);
  return policy;
}

std::optional<GatePolicy> ParseGate(const Json& step, bool expressions, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(step, pointer, problems);
  const Json* given = fields.Given("requires_approval");
  if (given == nullptr) return std::nullopt;
  if (given->is_bool()) return given->get_bool() ? std::optional(GatePolicy{}) : std::nullopt;
  if (given->is_object()) return ParseGateObject(*given, expressions, fields.PointerTo("requires_approval"), problems);
  fields.Fault("requires_approval", "must be true, false or an object, found " + DescribeJson(*given));
  return std::nullopt;
}

std::optional<ForEach> ParseForEach(const Json& step, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(step, pointer, problems);
  const bool is_loop = fields.Given("for_each") != nullptr;
  ForEach loop;
  loop.items = fields.Expression("for_each");
  loop.concurrency = static_cast<int32_t>(fields.Int("concurrency", loop.concurrency, 1, 1000));
  loop.continue_on_error = fields.Choice("on_item_error", 0, {"fail", "continue"}) == 1;
  if (is_loop) return loop;
  for (const char* field : {"concurrency", "on_item_error"}) {
    if (fields.Given(field) != nullptr) fields.Fault(field, "says something about the items of for_each, which is not there");
  }
  return std::nullopt;
}

std::optional<Repeat> ParseRepeat(const Json& step, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader outer(step, pointer, problems);
  const Json* object = outer.Object("repeat");
  if (object == nullptr) return std::nullopt;
  FieldReader fields(*object, outer.PointerTo("repeat"), problems);
  Repeat repeat;
  if (fields.Given("until") == nullptr) problems.push_back({outer.PointerTo("repeat"), "the required field \"until\" is missing"});
  repeat.until = fields.Expression("until");
  repeat.every_ms = fields.Int("every_ms", repeat.every_ms, 0, kMaxWaitMs);
  repeat.max = static_cast<int32_t>(fields.Int("max", repeat.max, 1, 10'000));
  return repeat;
}

std::vector<CatchRule> ParseCatches(const Json& step, const std::string& pointer, std::vector<std::string>& gotos,
                                    std::vector<Problem>& problems) {
  FieldReader outer(step, pointer, problems);
  std::vector<CatchRule> rules;
  const Json* list = outer.List("catch");
  if (list == nullptr) return rules;
  for (const Json& entry : list->get_array()) {
    const std::string at = Pointer(outer.PointerTo("catch"), rules.size());
    CatchRule& rule = rules.emplace_back();
    gotos.emplace_back();
    if (!entry.is_object()) {
      problems.push_back({at, "must be an object, found " + DescribeJson(entry)});
      continue;
    }
    FieldReader fields(entry, at, problems);
    rule.on = fields.Texts("on");
    gotos.back() = fields.Text("goto");
    const Json* set = fields.Object("set");
    if (set != nullptr && !gotos.back().empty()) problems.push_back({at, "has \"goto\" and \"set\"; only one of them is possible"});
    if (set == nullptr) continue;
    auto compiled = CompileAt(*set, fields.PointerTo("set"), problems);
    if (compiled.ok()) rule.set = *std::move(compiled);
  }
  return rules;
}

LimitPolicy ParseLimit(const Json& workflow, std::vector<Problem>& problems) {
  FieldReader fields(workflow, "", problems);
  LimitPolicy policy;
  policy.key = fields.Expression("concurrency_key");
  const bool is_limited = fields.Given("limit") != nullptr || fields.Given("concurrency_key") != nullptr;
  policy.limit = static_cast<int32_t>(fields.Int("limit", is_limited ? 1 : 0, 1, kMaxLimit));
  policy.on_limit = static_cast<LimitPolicy::OnLimit>(fields.Choice("on_limit", 0, {"queue", "reject", "cancel_oldest"}));
  if (!is_limited && fields.Given("on_limit") != nullptr)
    fields.Fault("on_limit", "says what becomes of runs beyond a limit, and there is neither \"limit\" nor \"concurrency_key\"");
  return policy;
}

Retention ParseRetention(const Json& retention, const std::string& pointer, std::vector<Problem>& problems) {
  FieldReader fields(retention, pointer, problems);
  const auto read = [&](const char* field, int64_t fallback) {
    const std::string text = fields.Text(field);
    if (text.empty()) return fallback;
    const auto span = ReadSpan(text);
    if (!span) fields.Fault(field, "must be a time such as \"30m\", \"12h\", \"7d\" or \"forever\", found \"" + text + "\"");
    return span.value_or(fallback);
  };
  const int64_t other = read("default", -1);
  return {read("succeeded", other), read("failed", other), read("canceled", other), read("timed_out", other)};
}

}  // namespace orc
