#include "engine/control.h"

#include <array>

namespace orc {
namespace {

struct Named {
  std::string_view action;
  Control carry_out;
};
constexpr std::array<Named, 4> kControls = {
    {{"transform", &RunTransform}, {"condition", &RunCondition}, {"wait", &RunWait}, {"workflow.run", &RunSubWorkflow}}};

}  // namespace

Control FindControl(std::string_view action) {
  for (const Named& control : kControls) {
    if (control.action == action) return control.carry_out;
  }
  return nullptr;
}

}  // namespace orc
