#include "engine/built_in.h"

namespace orc {

BuiltIn FindBuiltIn(std::string_view action) {
  if (action == "transform") return &RunTransform;
  if (action == "condition") return &RunCondition;
  return nullptr;
}

}  // namespace orc
