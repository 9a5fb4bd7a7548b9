// The bridge to Poco::JSON (Debian: libpoco-dev; link PocoJSON). Poco changes what it reads: 1.0 becomes 1, of two equal keys the last
// wins, integers beyond 64 bits are clamped. Where that matters, take another library.
#pragma once

#include <Poco/Dynamic/Var.h>
#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "orchestrator/json.hpp"

namespace orchestrator {

template <>
struct JsonBridge<Poco::Dynamic::Var> {
  static Poco::Dynamic::Var Read(std::string_view text) {
    try {
      return Poco::JSON::Parser().parse(std::string(text));
    } catch (const Poco::Exception& e) {
      throw std::invalid_argument("not JSON: " + e.displayText());
    }
  }
  static std::string Write(const Poco::Dynamic::Var& value) {
    std::ostringstream out;
    Poco::JSON::Stringifier::stringify(value, out, 0, -1, Poco::JSON_WRAP_STRINGS);
    return out.str();
  }
};

}  // namespace orchestrator
