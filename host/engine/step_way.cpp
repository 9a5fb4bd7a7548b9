#include "engine/step_way.h"

#include <array>

namespace orc {
namespace {

using Station = Way (*)(Draft& draft, StepState& state);
constexpr std::array<Station, 4> kStations = {&PassIf, &PassGate, &PassForEach, &PassWork};
constexpr size_t kAfterGate = 2;

void GoFrom(Draft& draft, StepState& state, size_t station) {
  while (station < kStations.size() && kStations.at(station)(draft, state) == Way::kGoOn) ++station;
}

}  // namespace

void BeginStep(Draft& draft, uint32_t step) { GoFrom(draft, draft.EditStep({step, -1}), 0); }

void GoOnAfterGate(Draft& draft, StepState& state) { GoFrom(draft, state, kAfterGate); }

}  // namespace orc
