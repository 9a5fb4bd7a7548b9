#include "engine/slot_outputs.h"

namespace orc {
namespace {

std::shared_ptr<const Json> Parsed(const std::string& text) {
  Result<Json> parsed = ParseJson(text, kOwnJson);
  return std::make_shared<const Json>(parsed.ok() ? *std::move(parsed) : Json(nullptr));
}

bool IsOf(const Document& document, Document::Kind kind, StepKey key) {
  return document.kind == kind && document.step == static_cast<int32_t>(key.step) && document.item == key.item;
}

}  // namespace

const std::string* SlotOutputs::FindText(Document::Kind kind, StepKey key) const {
  std::optional<std::string> text = Read(kind, key);
  return text ? &texts_.emplace_back(*std::move(text)) : nullptr;
}

const Json* SlotOutputs::Find(Document::Kind kind, StepKey key) const {
  const OutputCache::Key cached{slot_.generation, kind, key.step, key.item};
  if (std::shared_ptr<const Json> value = cache_.Find(cached)) return Hold(std::move(value));
  const StepState* state = slot_.run.FindStep(key);
  if (kind == Document::Kind::kOutput && state != nullptr && state->is_loop()) return FindLoopOutput(key, state->loop.total);
  std::optional<std::string> text = Read(kind, key);
  if (!text) return nullptr;
  const Json* value = Hold(Parsed(*text));
  cache_.Put(cached, *std::move(text));
  return value;
}

const Json* SlotOutputs::FindLoopOutput(StepKey key, int32_t count) const {
  JsonArray list;
  for (const Json* output : FindItemOutputs(key.step, count)) {
    // What a failed item was answered is kept with the item, but is no output of it.
    const StepKey item{key.step, static_cast<int32_t>(list.size())};
    list.push_back(output != nullptr && HasSucceeded(slot_.run.FindStep(item)) ? *output : Json(nullptr));
  }
  auto value = std::make_shared<const Json>(std::move(list));
  cache_.Put({slot_.generation, Document::Kind::kOutput, key.step, key.item}, PrintJson(*value));
  return Hold(std::move(value));
}

std::vector<const Json*> SlotOutputs::FindItemOutputs(uint32_t step, int32_t count) const {
  std::vector<const Json*> outputs(static_cast<size_t>(count));
  const auto take = [&](const Document& document) {
    const bool fits = document.kind == Document::Kind::kOutput && document.step == static_cast<int32_t>(step) && document.item >= 0;
    if (fits && document.item < count) outputs[static_cast<size_t>(document.item)] = Hold(Parsed(document.text));
  };
  Result<std::vector<Document>> documents = store_.GetDocuments(slot_.id, Document::Kind::kOutput, static_cast<int32_t>(step));
  if (!documents.ok()) {
    failure_ = documents.error();
    return outputs;
  }
  for (const Document& document : *documents) take(document);
  for (const DocumentRow& row : pending_.documents) take(row.document);
  return outputs;
}

std::optional<std::string> SlotOutputs::Read(Document::Kind kind, StepKey key) const {
  for (auto row = pending_.documents.rbegin(); row != pending_.documents.rend(); ++row) {
    if (IsOf(row->document, kind, key)) return row->document.text;
  }
  Result<std::optional<std::string>> text = store_.GetDocument(slot_.id, kind, static_cast<int32_t>(key.step), key.item);
  if (text.ok()) return *std::move(text);
  failure_ = text.error();
  return std::nullopt;
}

}  // namespace orc
