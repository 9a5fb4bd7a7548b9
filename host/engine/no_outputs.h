// The outputs of a run of which nothing has ended yet.
#pragma once

#include <string>
#include <vector>

#include "engine/decide.h"

namespace orc {

class NoOutputs final : public Outputs {
 public:
  const Json* Find(Document::Kind, StepKey) const override { return nullptr; }
  std::vector<const Json*> FindItemOutputs(uint32_t, int32_t count) const override {
    return std::vector<const Json*>(static_cast<size_t>(count));
  }
  const std::string* FindText(Document::Kind, StepKey) const override { return nullptr; }
};

}  // namespace orc
