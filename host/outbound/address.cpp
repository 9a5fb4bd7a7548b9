#include "outbound/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace orc {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
constexpr std::array<uint8_t, 12> kCompatible = {};

bool StartsWith(const Address& address, const std::array<uint8_t, 12>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

Address FromV4(const uint8_t* four) {
  Address address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::copy_n(four, 4, address.bytes.begin() + 12);
  return address;
}

}  // namespace

bool Address::IsV4() const { return StartsWith(*this, kMapped); }

std::optional<Address> ParseAddress(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  const std::string terminated(text);
  uint8_t four[4];
  if (inet_pton(AF_INET, terminated.c_str(), four) == 1) return FromV4(four);
  Address address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::optional<Address> AddressOf(const sockaddr& name) {
  if (name.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &name, sizeof four);
    return FromV4(reinterpret_cast<const uint8_t*>(&four.sin_addr));
  }
  if (name.sa_family == AF_INET6) {
    sockaddr_in6 six;
    std::memcpy(&six, &name, sizeof six);
    Address address;
    std::memcpy(address.bytes.data(), &six.sin6_addr, 16);
    return address;
  }
  return std::nullopt;
}

std::string ToText(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.IsV4()) {
    inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  }
  return text;
}

std::optional<Address> EmbeddedV4(const Address& address) {
  const uint8_t* bytes = address.bytes.data();
  if (StartsWith(address, kMapped) || StartsWith(address, kNat64)) return FromV4(bytes + 12);
  // :: and ::1 are addresses of their own, not 0.0.0.0 and 0.0.0.1.
  const bool has_tail = bytes[12] != 0 || bytes[13] != 0 || bytes[14] != 0 || bytes[15] > 1;
  if (StartsWith(address, kCompatible) && has_tail) return FromV4(bytes + 12);
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return FromV4(bytes + 2);
  return std::nullopt;
}

bool AddressRange::Contains(const Address& address) const {
  const int whole = prefix / 8;
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + whole, address.bytes.begin())) return false;
  if (prefix % 8 == 0) return true;
  const auto mask = static_cast<uint8_t>(0xff << (8 - prefix % 8));
  const auto i = static_cast<size_t>(whole);
  return (base.bytes[i] & mask) == (address.bytes[i] & mask);
}

std::optional<AddressRange> ParseRange(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = ParseAddress(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return AddressRange{*base, 128};
  const auto digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool is_four = text.substr(0, slash).find(':') == std::string_view::npos;
  if (error != std::errc() || end != digits.data() + digits.size() || prefix < 0 || prefix > (is_four ? 32 : 128)) return std::nullopt;
  return AddressRange{*base, is_four ? prefix + 96 : prefix};
}

}  // namespace orc
