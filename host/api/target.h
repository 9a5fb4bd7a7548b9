// The request target: its judgement, its path in pieces, its query.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

/// What is wrong with a raw target ("/v1/runs?limit=5"), or "". Origin form only, printable ASCII, well-formed escapes, no %00.
std::string CheckTarget(std::string_view target);

/// The target without the "http://authority" that requests through a proxy begin with (RFC 9112, 3.2.2: a server must take them).
std::string_view OriginForm(std::string_view target);

/// Undoes %xx; nothing when an escape is broken. `plus_is_space` as in queries.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

/// For putting text of a client's into a path: everything but unreserved characters as %xx.
std::string PercentEncode(std::string_view text);

/// The decoded pieces between the slashes: "/v1/runs" gives {"v1", "runs"}; "/" gives {""}; a trailing slash gives a last "".
std::vector<std::string> SplitPath(std::string_view path);

/// The decoded parameters of a query, in their order.
class Query {
 public:
  Query() = default;
  explicit Query(std::string_view text);

  /// The first of that name, or null.
  const std::string* Find(std::string_view name) const;
  std::vector<std::string_view> FindAll(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

}  // namespace orc
