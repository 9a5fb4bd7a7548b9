// An example of a step, as it lies in a plugin's folder: what a workflow would hold, and what is expected of it.
//
//   {"name": "greet", "action": "greet.hello", "input": {"name": "Ada"},
//    "config": {"greeting": "Hello"},                       the instance's configuration for this example
//    "http": [{"status": 200, "body": "…", "headers": {}, "error": "timeout"}],     answers to its HTTP calls, in order; the last one stays
//    "expect": {"outcome": "succeeded", "output": {…}, "error_code": "…"}}          default: that it ends
#pragma once

#include <optional>
#include <orchestrator/testing/fake_http.hpp>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace orc::check {

struct Example {
  std::string file;  // "" for one that was made up
  std::string action;
  std::string input;                  // JSON text
  std::optional<std::string> config;  // JSON text
  std::vector<orchestrator::testing::Reply> replies;
  std::optional<int> outcome;  // enum orc_outcome
  std::optional<Json> output;
  std::string error_code;
};

/// Every *.json of the folder by name. An input with {{ expressions }} can't be run here: such examples are left out.
Result<std::vector<Example>> ReadExamples(const std::string& folder);

/// Answers with the replies in order; the last one stays.
orchestrator::testing::FakeHttp::Responder RespondInOrder(std::vector<orchestrator::testing::Reply> replies);

}  // namespace orc::check
