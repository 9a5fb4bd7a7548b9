// One answer, and its bytes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

struct Response {
  int status = 200;
  std::string body;
  std::string_view content_type = "application/json";  // a literal; "" sends none
  std::vector<std::pair<std::string, std::string>> headers = {};

  Response&& With(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};

/// "Not Found" for 404; "" for a status that this server never sends.
std::string_view ReasonOf(int status);

/// The answer as it goes over the wire. `head_only` leaves the body out but says its length (HEAD).
std::string Serialize(const Response& response, bool keep_alive, bool head_only);

/// The head that opens an event stream; what follows has no length and ends with the connection.
std::string SerializeStreamHead();

}  // namespace orc
