// Workflow templates: a workflow's steps with `{{ params.x }}` in them, and a JSON Schema of the params.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace orc {

/// A template as stored. `document` is {name, description, params?, steps, …}.
struct WorkflowTemplate {
  std::string id;  // tpl_…; those of the pack have ids that stay the same between starts (a hash of the name)
  std::string name;
  std::string description;
  Json document;
};

/// Reads `{"templates":[{name, description, steps, params?}]}`; names are unique. kInvalid with pointers.
Result<std::vector<WorkflowTemplate>> ParseTemplatePack(const Json& document);

/// One template from a POST body; the id is left empty. kInvalid lists every fault, broken expressions included.
Result<WorkflowTemplate> ParseTemplate(const Json& document);

/// The workflow document that the template makes with `params` (an object or null): defaults of the params' schema are filled in,
/// the params are validated against it, `{{ params.x }}` is put in (typed when whole), every other expression is left as it is.
/// kInvalid with pointers at or below "/params": also for a parameter that the template does not know (its default would be taken in
/// silence) unless the params' schema says something of additionalProperties, and for a document that could not be stored.
Result<Json> Instantiate(const WorkflowTemplate& workflow_template, const Json& params);

}  // namespace orc
