// The bridge to Boost.JSON (Debian: libboost1.81-dev; link boost_json).
#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "orchestrator/json.hpp"

namespace orchestrator {

template <>
struct JsonBridge<boost::json::value> {
  static boost::json::value Read(std::string_view text) {
    boost::json::error_code fault;
    auto value = boost::json::parse({text.data(), text.size()}, fault);
    if (fault) throw std::invalid_argument("not JSON: " + fault.message());
    return value;
  }
  static std::string Write(const boost::json::value& value) { return boost::json::serialize(value); }
};

}  // namespace orchestrator
