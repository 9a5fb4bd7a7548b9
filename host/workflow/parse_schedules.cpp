#include "workflow/parse_schedules.h"

#include <algorithm>
#include <unordered_map>

#include "workflow/field_reader.h"
#include "workflow/limits.h"

namespace orc {
namespace {

void ParseName(FieldReader& fields, const std::string& at, ScheduleDefinition& schedule, std::vector<Problem>& problems) {
  schedule.name = fields.Text("name");
  if (fields.Given("name") == nullptr) {
    problems.push_back({at, "the required field \"name\" is missing: by it the schedule is known through all versions"});
  } else if (schedule.name.empty() || schedule.name.size() > kMaxScheduleName) {
    fields.Fault("name", "has 1 to " + std::to_string(kMaxScheduleName) + " bytes, found " + std::to_string(schedule.name.size()));
  } else if (std::any_of(schedule.name.begin(), schedule.name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    fields.Fault("name", "must have no control characters");
  }
}

ScheduleDefinition ParseSchedule(const Json& object, const std::string& at, std::vector<Problem>& problems) {
  FieldReader fields(object, at, problems);
  ScheduleDefinition schedule;
  ParseName(fields, at, schedule, problems);
  schedule.cron = fields.Text("cron");
  if (fields.Given("cron") == nullptr) {
    problems.push_back({at, "the required field \"cron\" is missing"});
  } else if (const auto cron = Cron::Parse(schedule.cron); !cron.ok()) {
    fields.Fault("cron", cron.error().message);
  }
  if (fields.Given("timezone") != nullptr) schedule.timezone = fields.Text("timezone");
  schedule.overlap = static_cast<ScheduleOverlap>(fields.Choice("overlap", 0, {"skip", "queue", "allow", "cancel_running"}));
  schedule.catch_up = static_cast<ScheduleCatchUp>(fields.Choice("catch_up", 0, {"none", "last", "all"}));
  if (const Json* context = fields.Object("context")) schedule.context = *context;
  schedule.paused = fields.Bool("paused", false);
  return schedule;
}

}  // namespace

std::vector<ScheduleDefinition> ParseSchedules(const Json& document, std::vector<Problem>& problems) {
  std::vector<ScheduleDefinition> schedules;
  FieldReader fields(document, "", problems);
  const Json* list = fields.List("schedules");
  if (list == nullptr) return schedules;
  if (list->get_array().size() > kMaxSchedules) {
    fields.Fault("schedules",
                 "has at most " + std::to_string(kMaxSchedules) + " schedules, found " + std::to_string(list->get_array().size()));
    return schedules;
  }
  std::unordered_map<std::string, size_t> names;
  for (size_t i = 0; i < list->get_array().size(); ++i) {
    const Json& entry = list->get_array()[i];
    const std::string at = Pointer("/schedules", i);
    if (!entry.is_object()) {
      problems.push_back({at, "a schedule is an object, found " + DescribeJson(entry)});
      continue;
    }
    ScheduleDefinition schedule = ParseSchedule(entry, at, problems);
    const auto [first, fresh] = names.emplace(schedule.name, i);
    if (!fresh && !schedule.name.empty()) {
      problems.push_back({Pointer(at, "name"), "\"" + schedule.name + "\" is already the name of schedule " +
                                                   std::to_string(first->second) + "; it must be unique in the workflow"});
    }
    schedules.push_back(std::move(schedule));
  }
  return schedules;
}

}  // namespace orc
