#include "outbound/egress.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

namespace orc {
namespace {

enum class Kind { kPublic, kPrivate, kLoopback, kForbidden };

struct Rule {
  AddressRange range;
  Kind kind;
  std::string_view what;
};

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = [] {
    struct Line {
      const char* range;
      Kind kind;
      std::string_view what;
    };
    constexpr Line kLines[] = {
        {"169.254.0.0/16", Kind::kForbidden, "a link-local address, where cloud metadata lives"},
        {"fe80::/10", Kind::kForbidden, "a link-local address"},
        {"fd00:ec2::254", Kind::kForbidden, "a cloud metadata address"},
        {"100.100.100.200", Kind::kForbidden, "a cloud metadata address"},
        {"192.0.0.192", Kind::kForbidden, "a cloud metadata address"},
        {"224.0.0.0/3", Kind::kForbidden, "a multicast or reserved address"},
        {"ff00::/8", Kind::kForbidden, "a multicast address"},
        {"127.0.0.0/8", Kind::kLoopback, "a loopback address"},
        {"0.0.0.0/8", Kind::kLoopback, "an address of this very host"},
        {"::1", Kind::kLoopback, "a loopback address"},
        {"::", Kind::kLoopback, "an address of this very host"},
        {"10.0.0.0/8", Kind::kPrivate, "a private address"},
        {"172.16.0.0/12", Kind::kPrivate, "a private address"},
        {"192.168.0.0/16", Kind::kPrivate, "a private address"},
        {"100.64.0.0/10", Kind::kPrivate, "a private address"},
        {"198.18.0.0/15", Kind::kPrivate, "a private address"},
        {"fc00::/7", Kind::kPrivate, "a private address"},
        {"fec0::/10", Kind::kPrivate, "a private address"},
    };
    std::vector<Rule> compiled;
    for (const auto& line : kLines) compiled.push_back({*ParseRange(line.range), line.kind, line.what});
    return compiled;
  }();
  return rules;
}

const Rule* RuleFor(const Address& address) {
  const auto& rules = Rules();
  const auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.range.Contains(address); });
  return it == rules.end() ? nullptr : &*it;
}

std::string PlainHost(std::string_view host) {
  std::string plain(host);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](unsigned char c) { return std::tolower(c); });
  while (!plain.empty() && plain.back() == '.') plain.pop_back();
  return plain;
}

bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  const bool all_numeric = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) || c == '.'; });
  return !all_numeric &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace

Result<Egress> Egress::Compile(const EgressPolicy& policy) {
  Egress egress;
  egress.allow_private_ = policy.allow_private;
  for (const auto& entry : policy.allow) {
    if (const auto range = ParseRange(entry)) {
      egress.ranges_.push_back(*range);
    } else if (IsHostName(PlainHost(entry))) {
      egress.hosts_.push_back(PlainHost(entry));
    } else {
      return Error{ErrorCode::kInvalid,
                   "egress.allow: \"" + entry + "\" is neither a host name nor an address nor a range such as 10.0.0.0/8"};
    }
  }
  return egress;
}

bool Egress::IsListed(const Address& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const AddressRange& range) { return range.Contains(address); });
}

bool Egress::IsListedHost(std::string_view host) const {
  return !hosts_.empty() && std::find(hosts_.begin(), hosts_.end(), PlainHost(host)) != hosts_.end();
}

std::string Egress::Refusal(std::string_view host, const Address& address) const {
  const Address real = EmbeddedV4(address).value_or(address);
  const Rule* rule = RuleFor(real);
  if (rule == nullptr) return {};
  const std::string text = ToText(real);
  const std::string what = "\"" + std::string(host) + "\" leads to " + text + ", " + std::string(rule->what);
  if (rule->kind == Kind::kForbidden) return what + ": calls there are never allowed";
  if (IsListed(real) || IsListedHost(host)) return {};
  if (rule->kind == Kind::kLoopback) return what + ": add \"" + text + "\" to egress.allow if such calls are wanted";
  if (allow_private_) return {};
  return what + ": egress.policy is \"public\"; set it to \"internal\" or add \"" + text + "\" to egress.allow";
}

}  // namespace orc
