// Where calls may go: the egress policy, compiled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "outbound/address.h"
#include "outbound/http_service.h"

namespace orc {

/// Immutable; any thread. The verdict depends on the URL's host and the address alone, so that a connection that is reused (which
/// libcurl does only for the same host and port) has the verdict it was opened with.
class Egress {
 public:
  /// kInvalid when an entry of `policy.allow` is no host name, address or CIDR.
  static Result<Egress> Compile(const EgressPolicy& policy);

  /// "" when a call to `host` (as in the URL) may connect to `address`; else a sentence that names both and the setting to change.
  std::string Refusal(std::string_view host, const Address& address) const;

 private:
  bool IsListed(const Address& address) const;
  bool IsListedHost(std::string_view host) const;

  bool allow_private_ = true;
  std::vector<AddressRange> ranges_;
  std::vector<std::string> hosts_;  // lower case, no dot at the end
};

}  // namespace orc
