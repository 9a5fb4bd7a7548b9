// A run on the test bench: events go in by hand, decisions are applied at once, and everything that came of them is kept.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/decide.h"

namespace orc::test {

/// The definition of a JSON text; fails the test when it does not parse.
inline std::shared_ptr<const Definition> MakeDefinition(std::string_view text) {
  Result<Json> document = ParseJson(text);
  if (!document.ok()) {
    ADD_FAILURE() << document.error().message;
    return std::make_shared<const Definition>();
  }
  auto definition = ParseDefinition(*document);
  if (definition.ok()) return *definition;
  ADD_FAILURE() << definition.error().message;
  for (const Problem& problem : definition.error().problems) ADD_FAILURE() << problem.pointer << ": " << problem.detail;
  return std::make_shared<const Definition>();
}

inline Json J(std::string_view text) {
  Result<Json> value = ParseJson(text);
  if (!value.ok()) ADD_FAILURE() << value.error().message << " in " << text;
  return value.ok() ? *value : Json(nullptr);
}

/// What was written, by kind, step and item.
class KeptOutputs final : public Outputs {
 public:
  const Json* Find(Document::Kind kind, StepKey key) const override {
    const std::string* text = FindText(kind, key);
    if (text != nullptr) return Keep(J(*text));
    const auto loop = loops.find(key);
    if (kind != Document::Kind::kOutput || loop == loops.end()) return nullptr;
    JsonArray list;
    for (const Json* output : FindItemOutputs(key.step, loop->second)) {
      const bool has_output = output != nullptr && !failed_items.contains({key.step, static_cast<int32_t>(list.size())});
      list.push_back(has_output ? *output : Json(nullptr));
    }
    return Keep(std::move(list));
  }
  std::vector<const Json*> FindItemOutputs(uint32_t step, int32_t count) const override {
    std::vector<const Json*> outputs;
    for (int32_t item = 0; item < count; ++item) {
      const std::string* text = FindText(Document::Kind::kOutput, {step, item});
      outputs.push_back(text != nullptr ? Keep(J(*text)) : nullptr);
    }
    return outputs;
  }
  const std::string* FindText(Document::Kind kind, StepKey key) const override {
    const auto found = texts.find({kind, static_cast<int32_t>(key.step), key.item});
    return found == texts.end() ? nullptr : &found->second;
  }
  std::map<StepKey, int32_t> loops;  // for_each steps that are over: how many items
  std::set<StepKey> failed_items;
  std::map<std::tuple<Document::Kind, int32_t, int32_t>, std::string> texts;

 private:
  const Json* Keep(Json value) const { return parsed_.emplace_back(std::make_unique<Json>(std::move(value))).get(); }
  mutable std::vector<std::unique_ptr<Json>> parsed_;
};

class CaseRun {
 public:
  explicit CaseRun(std::string_view definition_text, std::string_view context = "{}") : definition(MakeDefinition(definition_text)) {
    run.identity.id = "run_1";
    run.identity.workflow_id = "wf_1";
    run.identity.workflow_version = 1;
    run.context = std::make_shared<const Json>(J(context));
    BuildIndex(*definition, run);
  }

  /// Decides and applies.
  const Decision& On(const Event& event) {
    decision = Decide(*definition, run, outputs, event, now_us);
    Apply(*definition, decision, run);
    for (const StepState& state : decision.steps) {
      if (state.is_loop()) outputs.loops[state.key()] = state.loop.total;
      if (state.item >= 0 && state.status == StepStatus::kFailed) outputs.failed_items.insert(state.key());
    }
    for (const Document& document : decision.documents) outputs.texts[{document.kind, document.step, document.item}] = document.text;
    for (const HistoryEvent& row : decision.history) history.push_back(row);
    for (const EngineLogLine& line : decision.log) log.push_back(line.text);
    return decision;
  }
  const Decision& Begin() { return On(RunBegun{}); }

  AttemptKey Key(uint32_t step, int32_t item = -1) const {
    const StepState* state = run.FindStep({step, item});
    return {run.identity.id, run.progress.attempt, step, item, state == nullptr ? 0 : state->round, state == nullptr ? 0 : state->tries};
  }
  const Decision& Succeed(uint32_t step, std::string output = "{}") {
    return On(AttemptFinished{.key = Key(step), .output = std::move(output), .http_code = 200});
  }
  AttemptFinished Failure(uint32_t step, std::string code, std::string message = "it broke") const {
    AttemptFinished result;
    result.key = Key(step);
    result.outcome = AttemptFinished::Outcome::kFailed;
    result.error = {std::move(code), std::move(message), false, ""};
    return result;
  }
  const Decision& Fail(uint32_t step, std::string code = "http_status") { return On(Failure(step, std::move(code))); }
  const Decision& Approve(std::string step_id = "", std::string actor = "ana") {
    return On(GateDecided{std::move(step_id), {.approved = true}, {.name = std::move(actor)}});
  }
  const Decision& Reject(std::string actor = "ana", std::string comment = "") {
    return On(GateDecided{"", {.approved = false, .comment = std::move(comment)}, {.name = std::move(actor)}});
  }
  const Decision& After(int64_t ms) {
    now_us += ms * 1000;
    return On(TimerDue{now_us});
  }

  RunStatus status() const { return run.progress.status; }
  StepStatus StatusOf(uint32_t step, int32_t item = -1) const { return DisplayStatus(run, {step, item}); }
  std::string OutputOf(int32_t step) const {
    const auto found = outputs.texts.find({Document::Kind::kOutput, step, -1});
    return found == outputs.texts.end() ? "" : found->second;
  }
  std::vector<std::string> HistoryTypes() const {
    std::vector<std::string> types;
    for (const HistoryEvent& row : history) types.push_back(row.type);
    return types;
  }

  std::shared_ptr<const Definition> definition;
  Run run;
  KeptOutputs outputs;
  Decision decision;
  std::vector<HistoryEvent> history;
  std::vector<std::string> log;
  int64_t now_us = 1'700'000'000'000'000;
};

inline bool IsStart(const Command& command) { return command.kind == Command::Kind::kStartAttempt; }

}  // namespace orc::test
