// IP addresses and ranges, as numbers: never as spellings.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// An IPv6 address, or an IPv4 one in its mapped form (::ffff:a.b.c.d).
struct Address {
  std::array<uint8_t, 16> bytes{};
  bool IsV4() const;
  bool operator==(const Address&) const = default;
};

/// "127.0.0.1", "::1", "[::1]". Only the usual forms: no "127.1", no octal.
std::optional<Address> ParseAddress(std::string_view text);
std::optional<Address> AddressOf(const sockaddr& name);
/// IPv4 in dotted form, also when it came mapped.
std::string ToText(const Address& address);
/// The IPv4 address that a mapped, compatible, NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address leads to.
std::optional<Address> EmbeddedV4(const Address& address);

struct AddressRange {
  Address base;
  int prefix = 128;  // bits, of the 128
  bool Contains(const Address& address) const;
};

/// "10.0.0.0/8", "fd00::/8", or a single address.
std::optional<AddressRange> ParseRange(std::string_view text);

}  // namespace orc
