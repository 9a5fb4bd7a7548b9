// What is taken out of everything that an attempt says.
#pragma once

#include <memory>
#include <string>

#include "secrets/redactor.h"

namespace orc {

/// Of all secrets, and of what one attempt's own input holds. Each may be null: nothing is looked for then.
struct Redaction {
  std::shared_ptr<const Redactor> all = {};
  std::shared_ptr<const Redactor> own = {};

  std::string InCutText(std::string text) const {
    if (all != nullptr) text = all->InCutText(std::move(text));
    return own != nullptr ? own->InCutText(std::move(text)) : text;
  }
  std::string InJson(std::string document) const {
    if (all != nullptr) document = all->InJson(std::move(document));
    return own != nullptr ? own->InJson(std::move(document)) : document;
  }
};

}  // namespace orc
