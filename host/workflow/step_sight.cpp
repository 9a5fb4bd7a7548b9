#include "workflow/step_sight.h"

namespace orc {
namespace {

/// Those that come after all that they need; nothing when needs go in a circle.
std::vector<uint32_t> InOrder(const Definition& definition) {
  std::vector<size_t> unmet(definition.main_count);
  std::vector<uint32_t> order;
  for (uint32_t step = 0; step < definition.main_count; ++step) {
    unmet[step] = definition.steps[step].needs.size();
    if (unmet[step] == 0) order.push_back(step);
  }
  for (size_t at = 0; at < order.size(); ++at) {
    for (const uint32_t dependent : definition.dependents[order[at]]) {
      if (--unmet[dependent] == 0) order.push_back(dependent);
    }
  }
  if (order.size() < definition.main_count) order.clear();
  return order;
}

std::string Quoted(const StepDefinition& step) { return "\"" + step.name + "\""; }

}  // namespace

StepSight::StepSight(const Definition& definition) : definition_(definition) {
  if (!definition.is_graph || definition.dependents.size() != definition.main_count) return;
  const std::vector<uint32_t> order = InOrder(definition);
  if (order.empty()) return;
  ancestors_.resize(definition.main_count);
  for (const uint32_t step : order) {
    std::vector<uint64_t>& seen = ancestors_[step];
    seen.resize(definition.main_count / 64 + 1);
    for (const uint32_t need : definition.steps[step].needs) {
      seen[need / 64] |= uint64_t{1} << need % 64;
      for (size_t word = 0; word < seen.size(); ++word) seen[word] |= ancestors_[need][word];
    }
  }
}

std::string StepSight::WhyNot(uint32_t from, uint32_t target) const {
  const uint32_t main_count = definition_.main_count;
  const StepDefinition& step = definition_.steps[target];
  if (from == target) return "the step " + Quoted(step) + " is this one; only earlier steps have a result";
  if (from >= main_count) {
    const bool is_earlier = target < main_count || (from < main_count + definition_.finally_count && target < from);
    return is_earlier ? "" : "the step " + Quoted(step) + " comes later; only earlier steps have a result";
  }
  if (target >= main_count) return "the step " + Quoted(step) + " belongs to finally, which comes after all others";
  if (!definition_.is_graph) return target < from ? "" : "the step " + Quoted(step) + " comes later; only earlier steps have a result";
  if (ancestors_.empty() || (ancestors_[from][target / 64] >> target % 64 & 1) != 0) return "";
  return "nothing that " + Quoted(definition_.steps[from]) + " needs leads to the step " + Quoted(step) + "; add it to needs";
}

}  // namespace orc
