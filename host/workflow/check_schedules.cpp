#include "workflow/check_schedules.h"

#include "expr/template.h"

namespace orc {
namespace {

constexpr std::string_view kRoot = "/schedules/";

/// The pointers of the texts below `value` that hold an expression.
void FindTemplated(const Json& value, const std::string& pointer, std::vector<std::string>& found) {
  if (value.is_string()) {
    if (IsTemplated(value)) found.push_back(pointer);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) FindTemplated(member.value(), Pointer(pointer, member.key()), found);
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.get_array().size(); ++i) FindTemplated(value.get_array()[i], Pointer(pointer, i), found);
  }
}

void CheckContext(const Definition& definition, const Json& context, const std::string& at, bool is_template, CheckReport& report) {
  std::vector<std::string> templated;
  FindTemplated(context, at, templated);
  if (definition.input_schema != nullptr) {
    const auto problems = definition.input_schema->Validate(context, at, is_template ? IsTemplated : nullptr);
    report.errors.insert(report.errors.end(), problems.begin(), problems.end());
  }
  if (is_template || !definition.expressions) return;
  for (const std::string& pointer : templated) {
    report.warnings.push_back({pointer, "the context of a schedule is literal: what stands in {{ }} is not evaluated"});
  }
}

void TakeBackWhatIsFilledIn(const Json& list, CheckReport& report) {
  std::vector<std::string> templated;
  FindTemplated(list, "/schedules", templated);
  for (const std::string& pointer : templated) {
    std::erase_if(report.errors, [&](const Problem& problem) { return problem.pointer == pointer; });
  }
}

}  // namespace

void CheckSchedules(const Json& document, const Definition& definition, const Json* params, CheckReport& report) {
  const Json* list = Find(document, "schedules");
  if (list == nullptr || !list->is_array() || definition.schedules.size() != list->get_array().size()) return;
  for (size_t i = 0; i < definition.schedules.size(); ++i) {
    const ScheduleDefinition& schedule = definition.schedules[i];
    const std::string at = std::string(kRoot) + std::to_string(i);
    // With a cron expression that is known to be good, what remains is the zone's.
    const auto timetable = Timetable::Make("@daily", schedule.timezone);
    if (!timetable.ok()) report.errors.push_back({Pointer(at, "timezone"), timetable.error().message});
    CheckContext(definition, schedule.context, Pointer(at, "context"), params != nullptr, report);
  }
  if (params != nullptr) TakeBackWhatIsFilledIn(*list, report);
}

}  // namespace orc
