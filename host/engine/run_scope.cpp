#include "engine/run_scope.h"

#include <array>

#include "base/clock.h"
#include "base/nearest.h"

namespace orc {
namespace {

constexpr std::array<std::string_view, 9> kStepMembers = {"status",           "output",   "error",  "attempts", "http_code",
                                                          "response_headers", "approval", "caught", "items"};

Value Owned(Json json) { return Value::Owning(std::make_shared<const Json>(std::move(json))); }

Timestamp TimeOf(int64_t us) {
  constexpr int64_t kUsASecond = 1'000'000;
  const int64_t seconds = us / kUsASecond - (us % kUsASecond < 0 ? 1 : 0);
  return {seconds, static_cast<int32_t>((us - seconds * kUsASecond) * 1000)};
}

Json LoopJson(const LoopProgress& loop) { return JsonObject{{"total", loop.total}, {"ended", loop.ended}, {"failed", loop.failed}}; }

Error NoSuch(const std::string& what, std::string_view name, const std::vector<std::string>& known) {
  return Error{ErrorCode::kInvalid, what + " \"" + std::string(name) + "\"" + DidYouMean(name, known)};
}

Json JsonOrNull(const std::string& text) {
  if (text.empty()) return nullptr;
  Result<Json> value = ParseJson(text);
  return value.ok() ? *std::move(value) : Json(nullptr);
}

Json ErrorJson(const StepError& error) {
  return JsonObject{{"code", error.code}, {"message", error.message}, {"retryable", error.retryable}, {"detail", JsonOrNull(error.detail)}};
}

JsonObject ApprovalJson(const Approval& approval) {
  return JsonObject{{"approved", approval.approved},
                    {"actor", approval.actor},
                    {"comment", approval.comment},
                    {"input", JsonOrNull(approval.input)},
                    {"at", FormatTime(approval.at_us)}};
}

/// The last decision, and all of them as `decisions`.
Json ApprovalsJson(const std::vector<Approval>& approvals) {
  JsonObject last = ApprovalJson(approvals.back());
  JsonArray decisions;
  for (const Approval& approval : approvals) decisions.push_back(ApprovalJson(approval));
  last["decisions"] = std::move(decisions);
  return last;
}

}  // namespace

Result<Scope::Found> RunScope::Find(std::span<const PathPart> path) const {
  const std::string& root = std::get<std::string>(path.front());
  if (root == "context") return Found{Value::Of(draft_.context()), 1};
  if (root == "run") return Found{RunValue(), 1};
  if (root == "now") return Found{Value::Time(TimeOf(draft_.now_us())), 1};
  if (root == "steps") return FindInSteps(path);
  if (auto local = LocalValue(root)) return Found{*std::move(local), 1};
  return NoSuch("there is no variable", root, {"context", "steps", "run", "now"});
}

std::optional<Value> RunScope::LocalValue(const std::string& name) const {
  if (name == "output" && output_) return Value::Owning(output_);
  if (at_ == nullptr || at_->item < 0) return std::nullopt;
  // A compensation undoes an item of the step that it belongs to.
  const int32_t undoes = draft_.StepOf(*at_).undoes;
  const uint32_t loop = undoes >= 0 ? static_cast<uint32_t>(undoes) : at_->step;
  if (name == "index") return Value::Int(at_->item);
  if (name == "item") return Value::Of(draft_.FindItem(loop, at_->item));
  return std::nullopt;
}

Value RunScope::RunValue() const {
  const RunIdentity& run = draft_.run().identity;
  MapValue all;
  all.Add(Value::String("id"), Value::String(run.id));
  all.Add(Value::String("workflow_id"), Value::String(run.workflow_id));
  all.Add(Value::String("workflow_version"), Value::Int(run.workflow_version));
  all.Add(Value::String("attempt"), Value::Int(draft_.progress().attempt));
  const auto& outcome = draft_.progress().outcome;
  all.Add(Value::String("outcome"), outcome ? Value::String(std::string(ToText(*outcome))) : Value());
  all.Add(Value::String("error"), Value::String(draft_.progress().error));
  all.Add(Value::String("created_at"), Value::Time(TimeOf(run.created_us)));
  all.Add(Value::String("scheduled_for"), run.scheduled_us != 0 ? Value::Time(TimeOf(run.scheduled_us)) : Value());
  all.Add(Value::String("labels"), Owned(JsonOrNull(run.labels)));
  return Value::Map(std::move(all));
}

Result<Scope::Found> RunScope::FindInSteps(std::span<const PathPart> path) const {
  const std::string* name = path.size() < 2 ? nullptr : std::get_if<std::string>(&path[1]);
  if (name == nullptr) return Error{ErrorCode::kInvalid, "\"steps\" needs a step's id, key or name: steps.<key>, or steps[\"name\"]"};
  const int index = draft_.definition().FindStep(*name);
  if (index < 0) {
    std::vector<std::string> keys;
    for (const StepDefinition& step : draft_.definition().steps) keys.push_back(step.key);
    return NoSuch("there is not exactly one step", *name, keys);
  }
  const auto step = static_cast<uint32_t>(index);
  if (path.size() == 2) {
    MapValue all;
    for (const std::string_view member : kStepMembers) all.Add(Value::String(std::string(member)), *StepMember(step, member));
    return Found{Value::Map(std::move(all)), 2};
  }
  const std::string* member = std::get_if<std::string>(&path[2]);
  std::optional<Value> value = member == nullptr ? std::nullopt : StepMember(step, *member);
  if (value) return Found{*std::move(value), 3};
  const std::string asked = member == nullptr ? std::to_string(std::get<int64_t>(path[2])) : *member;
  return NoSuch("a step has no member", asked, {kStepMembers.begin(), kStepMembers.end()});
}

StepStatus RunScope::StatusOf(const StepState* state, uint32_t step) const {
  if (state != nullptr) return state->status;
  // Of a sequence: a goto, a skip_to or a retry went past it.
  const Definition& definition = draft_.definition();
  const bool was_passed = !definition.is_graph && step < definition.main_count && step < draft_.progress().next_step;
  return was_passed ? StepStatus::kSkipped : StepStatus::kPending;
}

std::optional<Value> RunScope::StepMember(uint32_t step, std::string_view name) const {
  const StepState* state = draft_.FindStep({step, -1});
  if (name == "output" || name == "response_headers") {
    const Json* found = draft_.FindDocument(name == "output" ? Document::Kind::kOutput : Document::Kind::kResponseHeaders, {step, -1});
    return found != nullptr ? Value::Of(*found) : Value();
  }
  if (name == "status") return Value::String(std::string(ToText(StatusOf(state, step))));
  if (name == "items") return state != nullptr && state->is_loop() ? Owned(LoopJson(state->loop)) : Value();
  if (name == "attempts") return Value::Int(state != nullptr ? state->tries : 0);
  if (name == "http_code") return Value::Int(state != nullptr ? state->http_code : 0);
  if (name == "error") return state != nullptr && state->error ? Owned(ErrorJson(*state->error)) : Value();
  if (name == "approval") return state != nullptr && !state->approvals.empty() ? Owned(ApprovalsJson(state->approvals)) : Value();
  if (name == "caught") return Value::Bool(state != nullptr && state->caught);
  return std::nullopt;
}

}  // namespace orc
