#include "workflow/link_steps.h"

#include <algorithm>

#include "base/nearest.h"

namespace orc {
namespace {

constexpr size_t kMaxSuggestions = 20;  // each compares with every known name
constexpr size_t kMaxCompared = 1'000;

class Linker {
 public:
  Linker(const std::vector<StepLinks>& links, Definition& definition, std::vector<Problem>& problems)
      : links_(links), definition_(definition), problems_(problems) {}

  void Link() {
    definition_.is_graph = std::any_of(links_.begin(), links_.end(), [](const StepLinks& links) { return links.has_needs; });
    for (uint32_t i = 0; i < links_.size(); ++i) {
      LinkNeeds(i);
      LinkGotos(i);
      LinkSkip(i);
    }
    if (!definition_.is_graph) return;
    definition_.dependents.resize(definition_.main_count);
    for (uint32_t i = 0; i < definition_.main_count; ++i) {
      for (const uint32_t need : definition_.steps[i].needs) definition_.dependents[need].push_back(i);
    }
    FindCycle();
  }

 private:
  std::string PointerTo(uint32_t step) const {
    return step < definition_.main_count ? Pointer("/steps", step) : Pointer("/finally", step - definition_.main_count);
  }

  /// The index of the main step that is named, or -1 with a problem at `pointer`.
  int32_t Resolve(const std::string& name, const std::string& pointer) {
    const int found = definition_.FindStep(name);
    if (found >= 0 && static_cast<uint32_t>(found) < definition_.main_count) return found;
    Problem problem{pointer, ""};
    if (found == Definition::kAmbiguousStep) {
      problem.detail = "several steps are called \"" + name + "\"; refer to one by its id or key";
    } else if (found >= 0) {
      problem.detail = "\"" + name + "\" is a step of finally, which comes after all others";
    } else {
      problem.suggestion = Nearest(name);
      problem.detail =
          "there is no step \"" + name + "\"" + (problem.suggestion.empty() ? "" : " (did you mean \"" + problem.suggestion + "\"?)");
    }
    problems_.push_back(std::move(problem));
    return -1;
  }

  std::string Nearest(const std::string& name) {
    if (suggestions_++ >= kMaxSuggestions) return {};
    std::vector<std::string> known;
    for (size_t i = 0; i < std::min<size_t>(definition_.main_count, kMaxCompared); ++i) {
      known.push_back(definition_.steps[i].key);
      known.push_back(definition_.steps[i].name);
    }
    return NearestName(name, known);
  }

  void LinkNeeds(uint32_t step) {
    const std::string pointer = Pointer(PointerTo(step), "needs");
    if (step >= definition_.main_count && links_[step].has_needs)
      problems_.push_back({pointer, "the steps of finally come one after another and have no needs"});
    std::vector<uint32_t>& needs = definition_.steps[step].needs;
    for (size_t i = 0; i < links_[step].needs.size(); ++i) {
      const std::string at = Pointer(pointer, i);
      const int32_t need = Resolve(links_[step].needs[i], at);
      if (need < 0) continue;
      if (static_cast<uint32_t>(need) == step) {
        problems_.push_back({at, "the step needs itself"});
      } else if (step < definition_.main_count) {
        needs.push_back(static_cast<uint32_t>(need));
      }
    }
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  }

  void LinkGotos(uint32_t step) {
    for (size_t i = 0; i < links_[step].gotos.size(); ++i) {
      const std::string& name = links_[step].gotos[i];
      if (name.empty()) continue;
      const std::string at = Pointer(Pointer(Pointer(PointerTo(step), "catch"), i), "goto");
      const int32_t target = ResolveAhead(step, name, at, "goto");
      if (target >= 0) definition_.steps[step].catches[i].goto_step = target;
    }
  }

  void LinkSkip(uint32_t step) {
    if (links_[step].skip_to.empty()) return;
    const std::string at = Pointer(Pointer(PointerTo(step), "input"), "on_false");
    if (definition_.steps[step].for_each) {
      problems_.push_back({at, "a skip_to is possible only in a step without for_each"});
    } else {
      ResolveAhead(step, links_[step].skip_to, at, "skip_to");
    }
  }

  /// Where a goto or skip_to of `step` leads; -1 with a problem.
  int32_t ResolveAhead(uint32_t step, const std::string& name, const std::string& at, const std::string& what) {
    if (definition_.is_graph || step >= definition_.main_count) {
      const std::string where = definition_.is_graph ? "the steps of this workflow form a graph (needs)" : "this step belongs to finally";
      problems_.push_back({at, "a " + what + " is possible only between steps that run in sequence; " + where});
      return -1;
    }
    const int32_t target = Resolve(name, at);
    if (target < 0 || static_cast<uint32_t>(target) > step) return target;
    problems_.push_back({at, "step \"" + name + "\" does not come later; a " + what +
                                 " leads forward only (what must be asked again and again is repeat)"});
    return -1;
  }

  /// One problem for each circle that a walk along the needs runs into.
  void FindCycle() {
    enum : uint8_t { kNew, kOpen, kDone };
    std::vector<uint8_t> state(definition_.main_count, kNew);
    for (uint32_t root = 0; root < definition_.main_count; ++root) {
      std::vector<std::pair<uint32_t, size_t>> path;  // step, the how manieth of its needs is looked at
      if (state[root] == kNew) path.emplace_back(root, 0);
      while (!path.empty()) {
        auto& [step, at] = path.back();
        state[step] = kOpen;
        if (at == definition_.steps[step].needs.size()) {
          state[step] = kDone;
          path.pop_back();
          continue;
        }
        const uint32_t need = definition_.steps[step].needs[at++];
        if (state[need] == kOpen) ReportCycle(path, need);
        if (state[need] == kNew) path.emplace_back(need, 0);
      }
    }
  }

  void ReportCycle(const std::vector<std::pair<uint32_t, size_t>>& path, uint32_t first) {
    std::string text;
    const auto begin = std::find_if(path.begin(), path.end(), [first](const auto& entry) { return entry.first == first; });
    for (auto entry = begin; entry != path.end(); ++entry) text += definition_.steps[entry->first].name + " → ";
    problems_.push_back(
        {Pointer(PointerTo(first), "needs"), "these steps need each other in a circle: " + text + definition_.steps[first].name});
  }

  const std::vector<StepLinks>& links_;
  Definition& definition_;
  std::vector<Problem>& problems_;
  size_t suggestions_ = 0;
};

}  // namespace

void LinkSteps(const std::vector<StepLinks>& links, Definition& definition, std::vector<Problem>& problems) {
  Linker(links, definition, problems).Link();
}

}  // namespace orc
