// Puts secrets into the input of a try, at the moment of the call.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "secrets/secret_source.h"

namespace orc {

struct FilledInput {
  Json input = {};
  std::shared_ptr<const Redactor> own = {};  // what expressions made of secrets, where the values' own redaction would not find it; or null
};

/// `text` is the template that the engine left of a step's input: nothing in it but what names secrets is an expression. Its strings have
/// the values in them afterwards, so it goes to the action and nowhere else. Neither the error's message nor its problems hold any of them.
Result<FilledInput> PutInSecrets(const std::string& text, SecretSource& secrets);

}  // namespace orc
