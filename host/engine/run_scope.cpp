#include "engine/run_scope.h"

#include <array>

#include "base/clock.h"
#include "base/nearest.h"

namespace orc {
namespace {

constexpr std::array<std::string_view, 7> kStepMembers = {"status",    "output",           "error",   "attempts",
                                                          "http_code", "response_headers", "approval"};

const Json& NullJson() {
  static const Json null(nullptr);
  return null;
}

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

Json ApprovalJson(const Approval& approval) {
  return JsonObject{{"approved", approval.approved},
                    {"actor", approval.actor},
                    {"comment", approval.comment},
                    {"input", JsonOrNull(approval.input)},
                    {"at", FormatTime(approval.at_us)}};
}

}  // namespace

const Json* RunScope::Keep(Json value) const { return &made_.emplace_back(std::move(value)); }

Result<Scope::Found> RunScope::Find(std::span<const PathPart> path) const {
  const std::string* root = path.empty() ? nullptr : std::get_if<std::string>(&path.front());
  if (root == nullptr) return Error{ErrorCode::kInvalid, "an expression begins with a variable's name"};
  if (*root == "context") return Found{&draft_.context(), 1};
  if (*root == "run") return FindInRun();
  if (*root == "steps") return FindInSteps(path);
  return NoSuch("there is no variable", *root, {"context", "steps", "run"});
}

Result<Scope::Found> RunScope::FindInRun() const {
  const RunIdentity& run = draft_.run().identity;
  const Json* all = Keep(JsonObject{{"id", run.id},
                                    {"workflow_id", run.workflow_id},
                                    {"workflow_version", run.workflow_version},
                                    {"attempt", draft_.progress().attempt},
                                    {"created_at", FormatTime(run.created_us)}});
  return Found{all, 1};
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
    JsonObject all;
    for (const std::string_view member : kStepMembers) all[member] = *StepMember(step, member);
    return Found{Keep(std::move(all)), 2};
  }
  const std::string* member = std::get_if<std::string>(&path[2]);
  const Json* value = member == nullptr ? nullptr : StepMember(step, *member);
  if (value != nullptr) return Found{value, 3};
  const std::string asked = member == nullptr ? std::to_string(std::get<int64_t>(path[2])) : *member;
  return NoSuch("a step has no member", asked, {kStepMembers.begin(), kStepMembers.end()});
}

const Json* RunScope::StepMember(uint32_t step, std::string_view name) const {
  const StepState* state = draft_.FindStep(step);
  if (name == "output" || name == "response_headers") {
    const Json* found = draft_.FindDocument(name == "output" ? Document::Kind::kOutput : Document::Kind::kResponseHeaders, step);
    return found != nullptr ? found : &NullJson();
  }
  if (name == "status") return Keep(Json(ToText(state != nullptr ? state->status : StepStatus::kPending)));
  if (name == "attempts") return Keep(Json(state != nullptr ? state->tries : 0));
  if (name == "http_code") return Keep(Json(state != nullptr ? state->http_code : 0));
  if (name == "error") return state != nullptr && state->error ? Keep(ErrorJson(*state->error)) : &NullJson();
  if (name == "approval") return state != nullptr && state->approval ? Keep(ApprovalJson(*state->approval)) : &NullJson();
  return nullptr;
}

}  // namespace orc
