#include "app/config_check.h"

#include <cmath>

#include "app/units.h"
#include "base/json_schema.h"
#include "base/nearest.h"
#include "base/read_file.h"

namespace orc {
namespace {

/// Follows "#/definitions/x" within the configuration's schema.
const Json& Resolve(const Json& root, const Json& schema) {
  const std::string_view reference = StringAt(schema, "$ref");
  constexpr std::string_view kPrefix = "#/definitions/";
  if (!reference.starts_with(kPrefix)) return schema;
  const Json* definitions = Find(root, "definitions");
  const Json* found = definitions != nullptr ? Find(*definitions, reference.substr(kPrefix.size())) : nullptr;
  return found != nullptr ? *found : schema;
}

/// Takes out what the schema does not know, with a fault for each, and empty keys, which mean "not set".
class KeyCheck {
 public:
  KeyCheck(const Json& root, const YamlDocument& document, std::vector<SourceFault>& faults)
      : root_(root), document_(document), faults_(faults) {}

  void Clean(const Json& schema, Json& value, const std::string& pointer) {
    if (!value.is_object()) return;
    const Json* properties = Find(schema, "properties");
    if (properties == nullptr || !properties->is_object()) return;
    JsonObject kept;
    for (auto& member : value.get_object()) {
      const std::string key(member.key());
      const Json* known = Find(*properties, key);
      if (known == nullptr) {
        Unknown(*properties, pointer, key);
      } else if (!member.value().is_null()) {
        const std::string at = Pointer(pointer, key);
        const Json& rules = Resolve(root_, *known);
        Clean(rules, member.value(), at);
        if (const auto* text = member.value().if_string(); text != nullptr && text->find('\0') != boost::json::string::npos) {
          faults_.push_back({document_.PlaceOf(at), Dotted(at) + ": holds a NUL character"});
          continue;
        }
        if (Count(StringAt(*known, "$ref"), rules, member.value(), at)) kept[key] = std::move(member.value());
      }
    }
    value = std::move(kept);
  }

 private:
  /// Makes milliseconds of a duration, bytes of a size and an integer of 12.0, so that one range counts for every spelling. False (and a
  /// fault) when it is out of range; what is of a wrong form is left to the schema.
  bool Count(std::string_view reference, const Json& rules, Json& value, const std::string& pointer) {
    const double* real = value.if_double();
    const bool is_whole = real != nullptr && std::abs(*real) < 1e15 && *real == std::floor(*real);
    if (is_whole && StringAt(rules, "type") == "integer") value = static_cast<int64_t>(*real);
    const bool is_duration = reference == "#/definitions/duration";
    if (!value.is_string() || !(is_duration || reference == "#/definitions/size")) return true;
    const Result<int64_t> amount = is_duration ? ReadDurationMs(value) : ReadSize(value);
    if (!amount.ok() && amount.error().code == ErrorCode::kUnreadable) return true;
    const int64_t least = IntAt(rules, "minimum").value_or(0), most = IntAt(rules, "maximum").value_or(INT64_MAX);
    if (amount.ok() && *amount >= least && *amount <= most) {
      value = *amount;
      return true;
    }
    const std::string unit = is_duration ? " ms" : " bytes";
    faults_.push_back({document_.PlaceOf(pointer), Dotted(pointer) + ": must be from " + std::to_string(least) + unit + " to " +
                                                       std::to_string(most) + unit + ", found " + DescribeJson(value)});
    return false;
  }

  void Unknown(const Json& properties, const std::string& pointer, const std::string& key) {
    std::vector<std::string> names;
    for (const auto& property : properties.get_object()) names.emplace_back(property.key());
    std::string message = "the key \"" + key + "\" is not known" + DidYouMean(key, names);
    if (message.find("did you mean") == std::string::npos) {
      message += ", expected one of: ";
      for (size_t i = 0; i < names.size(); ++i) message.append(i == 0 ? "" : ", ").append(names[i]);
    }
    faults_.push_back({document_.PlaceOf(Pointer(pointer, key)), std::move(message)});
  }

  const Json& root_;
  const YamlDocument& document_;
  std::vector<SourceFault>& faults_;
};

}  // namespace

std::string Dotted(const std::string& pointer) {
  std::string out = pointer.empty() ? std::string("the configuration") : pointer.substr(1);
  for (char& c : out) {
    if (c == '/') c = '.';
  }
  return out;
}

Result<std::vector<SourceFault>> CheckConfig(const std::string& schema_file, YamlDocument& document) {
  ORC_ASSIGN_OR_RETURN(const std::string text, ReadFile(schema_file));
  ORC_ASSIGN_OR_RETURN(const Json schema, ParseJson(text));
  ORC_ASSIGN_OR_RETURN(const auto compiled, JsonSchema::Compile(schema_file, schema));
  std::vector<SourceFault> faults;
  if (document.value.is_null()) document.value = JsonObject{};
  KeyCheck(schema, document, faults).Clean(schema, document.value, "");
  for (const Problem& problem : compiled->Validate(document.value)) {
    faults.push_back({document.PlaceOf(problem.pointer), Dotted(problem.pointer) + ": " + problem.detail});
  }
  return faults;
}

}  // namespace orc
