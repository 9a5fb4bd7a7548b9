// Base64; and, of this project's own: JSON and percent-encoding.
#include <array>
#include <cctype>

#include "expr/functions.h"
#include "expr/value_json.h"

namespace orc {
namespace {

using Kind = Value::Kind;

Value Base64Encode(const Call& call) { return call[0].is(Kind::kBytes) ? call.Text(EncodeBase64(call[0].get_text())) : call.NoOverload(); }

Value Base64Decode(const Call& call) {
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  if (!call.MayMake(call[0].get_text().size())) return call.Exhausted();
  auto bytes = DecodeBase64(call[0].get_text());
  return bytes ? Value::Bytes(*std::move(bytes)) : call.Fail("the text is no base64");
}

Value JsonEncode(const Call& call) {
  const auto json = ToJson(call[0], call.budget);
  if (!json.ok()) return call.budget.is_used_up() ? call.Exhausted() : call.Fail(json.error().message);
  return call.Text(PrintJson(*json));
}

Value JsonDecode(const Call& call) {
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  constexpr size_t kParsedFactor = 5;  // a document against its text (measured: 4.5)
  if (!call.MayMake(call[0].get_text().size() * kParsedFactor)) return call.Exhausted();
  auto json = ParseJson(call[0].get_text());
  if (!json.ok()) return call.Fail("the text is no JSON: " + json.error().message);
  return Value::Owning(std::make_shared<const Json>(*std::move(json)));
}

/// As encodeURIComponent has it.
Value UriEncode(const Call& call) {
  if (!call[0].is(Kind::kString)) return call.NoOverload();
  constexpr std::string_view kPlain = "-_.!~*'()";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : call[0].get_text()) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x80 && std::isalnum(byte) != 0) || kPlain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return call.Text(std::move(encoded));
}

constexpr auto kGlobal = Function::Form::kGlobal;
constexpr std::array<Function, 5> kFunctions = {{{"base64.encode", kGlobal, 1, 1, &Base64Encode},
                                                 {"base64.decode", kGlobal, 1, 1, &Base64Decode},
                                                 {"json.encode", kGlobal, 1, 1, &JsonEncode},
                                                 {"json.decode", kGlobal, 1, 1, &JsonDecode},
                                                 {"uri.encode", kGlobal, 1, 1, &UriEncode}}};

}  // namespace

std::span<const Function> EncodingFunctions() { return kFunctions; }

}  // namespace orc
