#include "workflow/bare_fields.h"

namespace orc {
namespace {

using Visit = std::function<void(Json& field)>;

Json* Member(Json* value, const char* name) {
  return value != nullptr && value->is_object() ? value->get_object().if_contains(name) : nullptr;
}

void VisitIf(Json* field, const Visit& visit) {
  if (field != nullptr && !field->is_null()) visit(*field);
}

void VisitStep(Json& step, const Visit& visit) {
  for (const char* name : {"if", "for_each", "idempotency_key"}) VisitIf(Member(&step, name), visit);
  VisitIf(Member(Member(&step, "repeat"), "until"), visit);
  const std::string_view action = StringAt(step, "action");
  if (action == "transform") VisitIf(Member(Member(&step, "input"), "expr"), visit);
  if (action == "condition") VisitIf(Member(Member(&step, "input"), "if"), visit);
  if (Json* compensation = Member(&step, "compensate")) VisitStep(*compensation, visit);
}

}  // namespace

void ForEachBareExpression(Json& document, const Visit& visit) {
  for (const char* list : {"steps", "finally"}) {
    Json* steps = Member(&document, list);
    if (steps == nullptr || !steps->is_array()) continue;
    for (Json& step : steps->get_array()) VisitStep(step, visit);
  }
  VisitIf(Member(&document, "concurrency_key"), visit);
}

}  // namespace orc
