// The documents of a draft: those it writes, then those on the disk.
#include "engine/draft.h"

namespace orc {
namespace {

const Json& NullJson() {
  static const Json kNull = nullptr;
  return kNull;
}

}  // namespace

const Json* Draft::FindFresh(const DocumentKey& key) const {
  const auto fresh = fresh_.find(key);
  if (fresh == fresh_.end()) return nullptr;
  std::unique_ptr<Json>& parsed = parsed_[key];
  if (!parsed) {
    Result<Json> value = ParseJson(decision_.documents[fresh->second].text, kOwnJson);
    parsed = std::make_unique<Json>(value.ok() ? *std::move(value) : Json(nullptr));
  }
  return parsed.get();
}

const Json* Draft::FindDocument(Document::Kind kind, StepKey key) const {
  const DocumentKey id(kind, key);
  if (const Json* fresh = FindFresh(id)) return fresh;
  const StepState* state = FindStep(key);
  if (state == nullptr || !IsTerminal(state->status)) return nullptr;
  if (!edits_.contains(key)) return outputs_.Find(kind, key);
  // What this decision ended has nothing on the disk that counts, but the items of a loop that ended before its last one.
  if (kind != Document::Kind::kOutput || !state->is_loop()) return nullptr;
  std::unique_ptr<Json>& list = parsed_[id];
  if (list) return list.get();
  list = std::make_unique<Json>(JsonArray());
  int32_t index = 0;
  for (const Json* stored : outputs_.FindItemOutputs(key.step, state->loop.total)) {
    const StepKey item{key.step, index++};
    const Json* fresh = FindFresh({kind, item});
    const Json* output = fresh != nullptr ? fresh : stored;
    list->get_array().push_back(output != nullptr && HasSucceeded(FindStep(item)) ? *output : Json(nullptr));
  }
  return list.get();
}

const std::string* Draft::FindText(Document::Kind kind, StepKey key) const {
  const auto fresh = fresh_.find({kind, key});
  if (fresh != fresh_.end()) return &decision_.documents[fresh->second].text;
  return outputs_.FindText(kind, key);
}

const Json& Draft::FindItem(uint32_t step, int32_t index) const {
  const StepKey part{step, index / kItemsPerDocument};
  const Json* items = FindFresh({Document::Kind::kItems, part});
  if (items == nullptr) items = outputs_.Find(Document::Kind::kItems, part);
  const Json* item =
      items == nullptr || !items->is_array() ? nullptr : items->get_array().if_contains(static_cast<size_t>(index % kItemsPerDocument));
  return item != nullptr ? *item : NullJson();
}

void Draft::AddDocument(Document::Kind kind, StepKey key, std::string text) {
  decision_.changed = true;
  document_bytes_ += text.size();
  const DocumentKey id(kind, key);
  parsed_.erase(id);
  fresh_[id] = decision_.documents.size();
  decision_.documents.push_back({kind, static_cast<int32_t>(key.step), key.item, std::move(text)});
}

}  // namespace orc
