// What every JSON bridge has in common. The SDK needs no JSON library and knows none until you include one of
//   orchestrator/json/nlohmann.hpp     nlohmann::json
//   orchestrator/json/boost.hpp        boost::json::value
//   orchestrator/json/poco.hpp         Poco::Dynamic::Var
// Each gives the same two functions:
//   auto input = orchestrator::ReadJson<nlohmann::json>(request.input);   throws std::invalid_argument: the attempt then fails
//   attempt.Succeed(orchestrator::WriteJson(value));
#pragma once

#include <string>
#include <string_view>

#include "orchestrator/http.hpp"

namespace orchestrator {

/// A bridge specialises this: `static Json Read(std::string_view)`, `static std::string Write(const Json&)`.
template <class Json>
struct JsonBridge;

/// `text` as a value. Throws std::invalid_argument, with the library's own words, when it is no JSON.
template <class Json>
Json ReadJson(std::string_view text) {
  return JsonBridge<Json>::Read(text);
}

/// `value` as compact text.
template <class Json>
std::string WriteJson(const Json& value) {
  return JsonBridge<Json>::Write(value);
}

/// `text` (UTF-8) as a JSON string with its quotes: for plugins that need no JSON library at all.
inline std::string JsonString(std::string_view text) {
  std::string out;
  detail::AppendJsonText(out, text);
  return out;
}

}  // namespace orchestrator
