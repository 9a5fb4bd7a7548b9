#include "engine/slot_outputs.h"

namespace orc {

const std::string* SlotOutputs::FindInput(uint32_t step, int32_t item) const {
  std::optional<std::string> text = Read(Document::Kind::kInput, step, item);
  return text ? &inputs_.emplace_back(*std::move(text)) : nullptr;
}

const Json* SlotOutputs::FindParsed(Document::Kind kind, uint32_t step, int32_t item) const {
  const OutputCache::Key key{slot_.generation, kind, step, item};
  std::shared_ptr<const Json> value = cache_.Find(key);
  if (!value) {
    std::optional<std::string> text = Read(kind, step, item);
    if (!text) return nullptr;
    Result<Json> parsed = ParseJson(*text);
    value = std::make_shared<const Json>(parsed.ok() ? *std::move(parsed) : Json(nullptr));
    cache_.Put(key, *std::move(text));
  }
  return held_.emplace_back(std::move(value)).get();
}

std::optional<std::string> SlotOutputs::Read(Document::Kind kind, uint32_t step, int32_t item) const {
  const auto is_it = [&](const Document& document) {
    return document.kind == kind && document.step == static_cast<int32_t>(step) && document.item == item;
  };
  for (auto row = pending_.documents.rbegin(); row != pending_.documents.rend(); ++row) {
    if (is_it(row->document)) return row->document.text;
  }
  Result<std::vector<Document>> documents = store_.GetDocuments(slot_.id, kind, static_cast<int32_t>(step));
  if (!documents.ok()) {
    failure_ = documents.error();
    return std::nullopt;
  }
  for (Document& document : *documents) {
    if (is_it(document)) return std::move(document.text);
  }
  return std::nullopt;
}

}  // namespace orc
