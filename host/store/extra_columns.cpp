#include "store/extra_columns.h"

#include "base/json_writer.h"

namespace orc {
namespace {

/// Fields that are at their default are left out, and so is the whole object when all are.
class ExtraWriter {
 public:
  void Int(std::string_view name, int64_t value, int64_t fallback = 0) {
    if (value != fallback) Open().Field(name, value);
  }
  void Bool(std::string_view name, bool value) {
    if (value) Open().Field(name, true);
  }
  void Text(std::string_view name, std::string_view value) {
    if (!value.empty()) Open().Field(name, std::string_view(ToStorableText(value)));
  }
  JsonWriter& Key(std::string_view name) { return Open().Key(name); }
  std::string Finish() {
    if (is_open_) writer_.EndObject();
    return std::move(writer_).text();
  }

 private:
  JsonWriter& Open() {
    if (!is_open_) writer_.BeginObject();
    is_open_ = true;
    return writer_;
  }
  JsonWriter writer_;
  bool is_open_ = false;
};

int32_t Int32At(const Json& json, std::string_view key, int32_t fallback = 0) {
  return static_cast<int32_t>(IntAt(json, key).value_or(fallback));
}

void WriteApproval(const Approval& approval, JsonWriter& out) {
  out.BeginObject().Field("approved", approval.approved).Field("actor", std::string_view(ToStorableText(approval.actor)));
  if (!approval.comment.empty()) out.Field("comment", std::string_view(ToStorableText(approval.comment)));
  if (!approval.input.empty()) out.Field("input", std::string_view(ToStorableText(approval.input)));
  out.Field("at_us", approval.at_us).EndObject();
}

Approval ReadApproval(const Json& json) {
  Approval approval;
  approval.approved = BoolAt(json, "approved", false);
  approval.actor = StringAt(json, "actor");
  approval.comment = StringAt(json, "comment");
  approval.input = StringAt(json, "input");
  approval.at_us = IntAt(json, "at_us").value_or(0);
  return approval;
}

}  // namespace

std::string ExtraText(const RunProgress& progress) {
  ExtraWriter out;
  out.Text("error_code", progress.error_code);
  out.Int("phase", static_cast<int64_t>(progress.phase));
  if (progress.outcome) out.Text("outcome", ToText(*progress.outcome));
  out.Bool("queued", progress.queued);
  out.Bool("paused", progress.paused);
  out.Bool("undoing_failed", progress.undoing_failed);
  out.Bool("finally_failed", progress.finally_failed);
  out.Int("deadline_us", progress.deadline_us);
  out.Int("next_signal", progress.next_signal, 1);
  if (!progress.signals.empty()) {
    JsonWriter& list = out.Key("signals").BeginArray();
    for (const KeptSignal& signal : progress.signals) {
      list.BeginArray().Int(signal.number).String(ToStorableText(signal.name)).EndArray();
    }
    list.EndArray();
  }
  return out.Finish();
}

Result<void> ReadExtra(std::string_view text, RunProgress& progress) {
  if (text.empty()) return {};
  ORC_ASSIGN_OR_RETURN(const Json json, ParseJson(text));
  progress.error_code = StringAt(json, "error_code");
  progress.phase = static_cast<RunPhase>(Int32At(json, "phase"));
  progress.outcome = ParseRunStatus(StringAt(json, "outcome"));
  progress.queued = BoolAt(json, "queued", false);
  progress.paused = BoolAt(json, "paused", false);
  progress.undoing_failed = BoolAt(json, "undoing_failed", false);
  progress.finally_failed = BoolAt(json, "finally_failed", false);
  progress.deadline_us = IntAt(json, "deadline_us").value_or(0);
  progress.next_signal = IntAt(json, "next_signal").value_or(1);
  const Json* signals = Find(json, "signals");
  if (signals == nullptr || !signals->is_array()) return {};
  for (const Json& signal : signals->get_array()) {
    const bool fits =
        signal.is_array() && signal.get_array().size() == 2 && signal.get_array()[0].is_int64() && signal.get_array()[1].is_string();
    if (!fits) return Error{ErrorCode::kInternal, "the database holds a signal that this release does not know"};
    progress.signals.push_back({signal.get_array()[0].get_int64(), std::string(signal.get_array()[1].get_string())});
  }
  return {};
}

std::string ExtraText(const StepState& state) {
  ExtraWriter out;
  out.Int("round", state.round);
  // Of the first round it is the start of the step: most steps have but one.
  out.Int("round_started_us", state.round_started_us, state.started_us);
  out.Bool("caught", state.caught);
  out.Int("ended_no", state.ended_no);
  out.Int("wait", static_cast<int64_t>(state.wait));
  out.Text("wait_for", state.wait_for);
  out.Text("own_key", state.own_key);
  if (state.is_loop()) {
    out.Key("loop").BeginArray().Int(state.loop.total).Int(state.loop.begun).Int(state.loop.ended).Int(state.loop.failed).EndArray();
  }
  return out.Finish();
}

Result<void> ReadExtra(std::string_view text, StepState& state) {
  state.round_started_us = state.started_us;
  if (text.empty()) return {};
  ORC_ASSIGN_OR_RETURN(const Json json, ParseJson(text));
  state.round = Int32At(json, "round");
  state.round_started_us = IntAt(json, "round_started_us").value_or(state.started_us);
  state.caught = BoolAt(json, "caught", false);
  state.ended_no = IntAt(json, "ended_no").value_or(0);
  state.wait = static_cast<StepWait>(Int32At(json, "wait"));
  state.wait_for = StringAt(json, "wait_for");
  state.own_key = StringAt(json, "own_key");
  const Json* loop = Find(json, "loop");
  if (loop == nullptr || !loop->is_array() || loop->get_array().size() != 4) return {};
  const auto at = [loop](size_t i) { return static_cast<int32_t>(loop->get_array()[i].is_int64() ? loop->get_array()[i].get_int64() : 0); };
  state.loop = {at(0), at(1), at(2), at(3)};
  return {};
}

std::string OriginText(const RunIdentity& identity) {
  ExtraWriter out;
  out.Text("parent", identity.parent.run_id);
  out.Int("parent_step", identity.parent.step);
  out.Int("parent_item", identity.parent.item, -1);
  out.Int("depth", identity.depth);
  out.Int("scheduled_us", identity.scheduled_us);
  return out.Finish();
}

Result<void> ReadOrigin(std::string_view text, RunIdentity& identity) {
  if (text.empty()) return {};
  ORC_ASSIGN_OR_RETURN(const Json json, ParseJson(text));
  identity.parent = {std::string(StringAt(json, "parent")), static_cast<uint32_t>(IntAt(json, "parent_step").value_or(0)),
                     Int32At(json, "parent_item", -1)};
  identity.depth = Int32At(json, "depth");
  identity.scheduled_us = IntAt(json, "scheduled_us").value_or(0);
  return {};
}

std::string ApprovalsText(const std::vector<Approval>& approvals) {
  JsonWriter out;
  out.BeginArray();
  for (const Approval& approval : approvals) WriteApproval(approval, out);
  out.EndArray();
  return std::move(out).text();
}

Result<std::vector<Approval>> ParseApprovals(std::string_view text) {
  ORC_ASSIGN_OR_RETURN(const Json json, ParseJson(text));
  std::vector<Approval> approvals;
  if (!json.is_array()) return std::vector<Approval>{ReadApproval(json)};
  for (const Json& approval : json.get_array()) approvals.push_back(ReadApproval(approval));
  return approvals;
}

}  // namespace orc
