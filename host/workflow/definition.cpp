#include "workflow/definition.h"

#include <unordered_set>

namespace orc {

void Definition::IndexSteps() {
  std::unordered_set<std::string> shared_slugs;
  for (size_t i = 0; i < main_count + finally_count; ++i) {
    const int index = static_cast<int>(i);
    if (!steps[i].id.empty()) by_id_.emplace(steps[i].id, index);  // a document that is only checked has none yet
    by_key_.emplace(steps[i].key, index);
    // Of several steps whose names give one slug, none is meant by it; `slug_2` and ids still name one.
    if (!steps[i].key_given && steps[i].key != SlugOf(steps[i].name)) shared_slugs.insert(SlugOf(steps[i].name));
    const auto [entry, fresh] = by_name_.emplace(steps[i].name, index);
    if (!fresh) entry->second = kAmbiguousStep;
  }
  for (const std::string& slug : shared_slugs) {
    const auto entry = by_key_.find(slug);
    if (entry != by_key_.end() && !steps[static_cast<size_t>(entry->second)].key_given) entry->second = kAmbiguousStep;
  }
}

int Definition::FindStep(std::string_view id_key_or_name) const {
  const std::string wanted(id_key_or_name);
  for (const auto* index : {&by_id_, &by_key_, &by_name_}) {
    if (const auto found = index->find(wanted); found != index->end()) return found->second;
  }
  return kNoStep;
}

namespace {

void GiveIds(Json* steps, IdSource& ids) {
  if (steps == nullptr || !steps->is_array()) return;
  for (Json& step : steps->get_array()) {
    if (!step.is_object() || !StringAt(step, "id").empty()) continue;
    // The id goes first, where people look for it.
    JsonObject with_id{{"id", ids.New(kStepPrefix)}};
    for (auto& member : step.get_object()) {
      if (member.key() != "id") with_id.emplace(member.key(), member.value());
    }
    step = std::move(with_id);
  }
}

}  // namespace

Json NormaliseDefinition(const Json& document, IdSource& ids) {
  Json normal = document;
  if (!normal.is_object()) return normal;
  GiveIds(normal.get_object().if_contains("steps"), ids);
  GiveIds(normal.get_object().if_contains("finally"), ids);
  return normal;
}

}  // namespace orc
