// A run on the test bench: events go in by hand, decisions are applied at once, and everything that came of them is kept.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
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
  const Json* Find(uint32_t step, int32_t item) const override { return FindOf(Document::Kind::kOutput, step, item); }
  const Json* FindHeaders(uint32_t step, int32_t item) const override { return FindOf(Document::Kind::kResponseHeaders, step, item); }
  const std::string* FindInput(uint32_t step, int32_t item) const override {
    const auto found = texts.find({Document::Kind::kInput, static_cast<int32_t>(step), item});
    return found == texts.end() ? nullptr : &found->second;
  }
  std::map<std::tuple<Document::Kind, int32_t, int32_t>, std::string> texts;

 private:
  const Json* FindOf(Document::Kind kind, uint32_t step, int32_t item) const {
    const auto found = texts.find({kind, static_cast<int32_t>(step), item});
    if (found == texts.end()) return nullptr;
    return parsed_.emplace_back(std::make_unique<Json>(J(found->second))).get();
  }
  mutable std::vector<std::unique_ptr<Json>> parsed_;
};

class CaseRun {
 public:
  explicit CaseRun(std::string_view definition_text, std::string_view context = "{}") : definition(MakeDefinition(definition_text)) {
    run.identity.id = "run_1";
    run.identity.workflow_id = "wf_1";
    run.identity.workflow_version = 1;
    run.context = std::make_shared<const Json>(J(context));
  }

  /// Decides and applies.
  const Decision& On(const Event& event) {
    decision = Decide(*definition, run, outputs, event, now_us);
    Apply(decision, run);
    for (const Document& document : decision.documents) outputs.texts[{document.kind, document.step, document.item}] = document.text;
    for (const HistoryEvent& row : decision.history) history.push_back(row);
    for (const EngineLogLine& line : decision.log) log.push_back(line.text);
    return decision;
  }
  const Decision& Begin() { return On(RunBegun{}); }

  AttemptKey Key(uint32_t step) const {
    const StepState* state = run.FindStep(step);
    return {run.identity.id, run.progress.attempt, step, -1, state == nullptr ? 0 : state->tries};
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
    return On(GateDecided{std::move(step_id), {.approved = true, .actor = std::move(actor)}});
  }
  const Decision& Reject(std::string actor = "ana", std::string comment = "") {
    return On(GateDecided{"", {.approved = false, .actor = std::move(actor), .comment = std::move(comment)}});
  }
  const Decision& After(int64_t ms) {
    now_us += ms * 1000;
    return On(TimerDue{now_us});
  }

  RunStatus status() const { return run.progress.status; }
  StepStatus StatusOf(uint32_t step) const { return DisplayStatus(run, step); }
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
