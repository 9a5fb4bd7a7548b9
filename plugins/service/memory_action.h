// What the two memarch actions have in common: the input's parameters are POSTed as one object with the project's id.
#pragma once

#include <orchestrator/action.hpp>
#include <string_view>

#include "base/result.h"
#include "service/settings.h"

namespace orc::service {

class MemoryAction {
 public:
  /// Throws std::invalid_argument when the configuration is wrong.
  MemoryAction(const orchestrator::Host& host, std::string_view config, std::string_view default_path);
  void Start(orchestrator::Attempt attempt, const orchestrator::Request& request);

  /// {"project_id": …, the input's parameters …}, or the step's own body; in the query of a GET. kInvalid when the input can't be sent.
  Result<orchestrator::HttpRequest> Build(const orchestrator::Request& request) const;

 private:
  orchestrator::Host host_;
  Settings settings_;
};

}  // namespace orc::service
