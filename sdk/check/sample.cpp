#include "sample.h"

#include <algorithm>
#include <limits>
#include <string>

namespace orc::check {
namespace {

constexpr int kMaxDepth = 12;

class Sampler {
 public:
  explicit Sampler(const Json& root) : root_(root) {}

  Json Of(const Json& schema, int depth) const {
    if (!schema.is_object() || depth > kMaxDepth) return JsonObject();
    if (const Json* ref = Find(schema, "$ref")) return Of(Resolve(*ref), depth + 1);
    if (const Json* fixed = Find(schema, "const")) return *fixed;
    for (const char* key : {"enum", "examples"}) {
      if (const Json* list = Find(schema, key); list != nullptr && list->is_array() && !list->get_array().empty())
        return list->get_array()[0];
    }
    if (const Json* fallback = Find(schema, "default")) return *fallback;
    for (const char* key : {"oneOf", "anyOf"}) {
      if (const Json* list = Find(schema, key); list != nullptr && list->is_array() && !list->get_array().empty()) {
        return Merged(schema, list->get_array()[0], depth);
      }
    }
    return OfType(schema, TypeOf(schema), depth);
  }

 private:
  Json Merged(const Json& schema, const Json& branch, int depth) const {
    Json own = OfType(schema, TypeOf(schema), depth);
    Json other = Of(branch, depth + 1);
    if (!own.is_object() || !other.is_object()) return Find(branch, "type") != nullptr ? other : own;
    // A branch often says no more than which members must be there.
    if (const Json* required = Find(branch, "required"); required != nullptr && required->is_array()) {
      for (const Json& name : required->get_array()) AddProperty(schema, name, own.get_object(), depth);
    }
    for (const auto& member : other.get_object()) own.get_object()[member.key()] = member.value();
    return own;
  }

  void AddProperty(const Json& schema, const Json& name, JsonObject& object, int depth) const {
    if (!name.is_string() || object.contains(name.get_string())) return;
    const Json* properties = Find(schema, "properties");
    const Json* property = properties != nullptr ? Find(*properties, name.get_string()) : nullptr;
    object[name.get_string()] = property != nullptr ? Of(*property, depth + 1) : Json("text");
  }

  static std::string TypeOf(const Json& schema) {
    const Json* type = Find(schema, "type");
    if (type == nullptr) return Find(schema, "properties") != nullptr || Find(schema, "required") != nullptr ? "object" : "any";
    if (type->is_string()) return std::string(type->get_string());
    return type->is_array() && !type->get_array().empty() && type->get_array()[0].is_string()
               ? std::string(type->get_array()[0].get_string())
               : "any";
  }

  Json OfType(const Json& schema, const std::string& type, int depth) const {
    if (type == "string") return Text(schema);
    if (type == "integer" || type == "number") return Json(std::max<int64_t>(IntAt(schema, "minimum").value_or(1), 0));
    if (type == "boolean") return Json(true);
    if (type == "null") return Json(nullptr);
    if (type == "array") {
      JsonArray array;
      const Json* items = Find(schema, "items");
      const int64_t wanted = IntAt(schema, "minItems").value_or(0);
      while (static_cast<int64_t>(array.size()) < std::min<int64_t>(wanted, 100))
        array.push_back(items != nullptr ? Of(*items, depth + 1) : Json("text"));
      return array;
    }
    JsonObject object;
    if (const Json* required = Find(schema, "required"); required != nullptr && required->is_array()) {
      for (const Json& name : required->get_array()) AddProperty(schema, name, object, depth);
    }
    return object;
  }

  static Json Text(const Json& schema) {
    const auto format = StringAt(schema, "format");
    const auto pattern = StringAt(schema, "pattern");
    std::string text = "text";
    if (format == "uri" || format == "url" || pattern.find("http") != std::string_view::npos) text = "http://example.com/";
    if (format == "email") text = "ada@example.com";
    if (format == "date-time") text = "2024-01-02T03:04:05Z";
    if (format == "date") text = "2024-01-02";
    const int64_t least = IntAt(schema, "minLength").value_or(0);
    while (static_cast<int64_t>(text.size()) < std::min<int64_t>(least, 10'000)) text += 'x';
    if (const auto most = IntAt(schema, "maxLength"); most && *most >= 0)
      text.resize(std::min<size_t>(text.size(), static_cast<size_t>(*most)));
    return Json(text);
  }

  const Json& Resolve(const Json& ref) const {
    static const Json nothing;
    if (!ref.is_string()) return nothing;
    std::string_view path = ref.get_string();
    if (!path.starts_with("#/")) return path == "#" ? root_ : nothing;
    const Json* at = &root_;
    path.remove_prefix(2);
    while (at != nullptr && !path.empty()) {
      const size_t slash = path.find('/');
      at = Find(*at, path.substr(0, slash));
      path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return at != nullptr ? *at : nothing;
  }

  const Json& root_;
};

Json Nested(int depth) {
  Json value = "deep";
  for (int i = 0; i < depth; ++i) value = JsonArray{value};
  return value;
}

std::vector<Json> OddValues() {
  JsonObject wide;
  for (int i = 0; i < 5000; ++i) wide["key " + std::to_string(i)] = i;
  std::vector<Json> values;
  for (const char* text : {"", " ", "line\r\nX-Injected: 1", "\xF0\x9F\x92\xA5 \xE2\x80\xAE reversed", "../../../../etc/hostname", "%s%n%d",
                           "'\"`;$(true)&|", "{{ now }}", "null"}) {
    values.emplace_back(text);
  }
  values.emplace_back(std::string(1u << 20, 'x'));
  values.emplace_back(std::string("a\0b", 3));
  for (const int64_t number : {int64_t{-1}, int64_t{0}, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    values.emplace_back(number);
  }
  for (const double number : {1e308, -1e-308, 0.1}) values.emplace_back(number);
  values.emplace_back(true);
  values.emplace_back(false);
  values.emplace_back(nullptr);
  values.emplace_back(JsonArray());
  values.emplace_back(JsonObject());
  values.push_back(Nested(60));
  values.emplace_back(std::move(wide));
  JsonArray many;
  for (int i = 0; i < 5000; ++i) many.emplace_back(i % 2 == 0 ? Json(i) : Json("item"));
  values.emplace_back(std::move(many));
  return values;
}

std::vector<std::string> MembersOf(const Json& base, const Json& schema) {
  std::vector<std::string> names;
  if (base.is_object()) {
    for (const auto& member : base.get_object()) names.emplace_back(member.key());
  }
  const Json* properties = Find(schema, "properties");
  if (properties == nullptr || !properties->is_object()) return names;
  for (const auto& member : properties->get_object()) {
    std::string name(member.key());
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Json SampleOf(const Json& schema) { return Sampler(schema).Of(schema, 0); }

std::vector<Json> HostileNear(const Json& base, const Json& schema, const JsonSchema* judge, bool objects_only) {
  std::vector<Json> allowed;
  const auto consider = [&](Json value) {
    if (objects_only && !value.is_object()) return;
    if (judge == nullptr || judge->Validate(value).empty()) allowed.push_back(std::move(value));
  };
  const std::vector<Json> odd = OddValues();
  for (const Json& value : odd) consider(value);
  if (!base.is_object()) return allowed;
  for (const std::string& name : MembersOf(base, schema)) {
    for (const Json& value : odd) {
      Json changed = base;
      changed.get_object()[name] = value;
      consider(std::move(changed));
    }
    Json without = base;
    without.get_object().erase(name);
    consider(std::move(without));
  }
  return allowed;
}

}  // namespace orc::check
