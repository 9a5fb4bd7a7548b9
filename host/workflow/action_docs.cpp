#include "workflow/action_docs.h"

#include <algorithm>

#include "base/json.h"

namespace orc {
namespace {

constexpr int kMaxDepth = 4;

/// One cell: no line break, no bar that would begin another.
std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

class SchemaTable {
 public:
  explicit SchemaTable(const Json& root) : root_(root) {}

  std::string Write() {
    Rows(root_, "", 0);
    if (rows_.empty()) return "Any " + TypeOf(root_) + ".\n";
    return "| field | type | required | meaning |\n|---|---|---|---|\n" + rows_;
  }

 private:
  const Json& Resolved(const Json& schema) const {
    const std::string_view ref = StringAt(schema, "$ref");
    if (!ref.starts_with("#/")) return schema;
    const Json* at = &root_;
    std::string_view path = ref.substr(2);
    while (at != nullptr && !path.empty()) {
      const size_t slash = path.find('/');
      at = Find(*at, path.substr(0, slash));
      path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return at != nullptr ? *at : schema;
  }

  std::string TypeOf(const Json& schema) const {
    if (const Json* values = Find(schema, "enum"); values != nullptr && values->is_array()) {
      std::string text;
      for (const Json& value : values->get_array()) text += (text.empty() ? "" : ", ") + PrintJson(value);
      return "one of " + text;
    }
    if (const Json* fixed = Find(schema, "const")) return PrintJson(*fixed);
    const Json* type = Find(schema, "type");
    if (type == nullptr) return Find(schema, "properties") != nullptr ? "object" : "value";
    if (type->is_string()) {
      const std::string name(type->get_string());
      const Json* items = Find(schema, "items");
      return name == "array" && items != nullptr ? "array of " + TypeOf(Resolved(*items)) : name;
    }
    std::string text;
    if (type->is_array()) {
      for (const Json& one : type->get_array())
        text += (text.empty() ? "" : " or ") + (one.is_string() ? std::string(one.get_string()) : "?");
    }
    return text;
  }

  static bool IsRequired(const Json& schema, std::string_view name) {
    const Json* required = Find(schema, "required");
    if (required == nullptr || !required->is_array()) return false;
    const auto& names = required->get_array();
    return std::any_of(names.begin(), names.end(), [&](const Json& one) { return one.is_string() && one.get_string() == name; });
  }

  static std::string Meaning(const Json& schema) {
    std::string text(StringAt(schema, "description"));
    const auto add = [&](const char* word, const char* key) {
      if (const Json* value = Find(schema, key)) text += (text.empty() ? "" : " ") + std::string(word) + " " + PrintJson(*value) + ".";
    };
    add("Default", "default");
    add("At least", "minimum");
    add("At most", "maximum");
    return text;
  }

  void Rows(const Json& schema_or_ref, const std::string& prefix, int depth) {
    const Json& schema = Resolved(schema_or_ref);
    if (depth > kMaxDepth || !schema.is_object()) return;
    if (const Json* items = Find(schema, "items")) Rows(*items, prefix + "[]", depth + 1);
    const Json* properties = Find(schema, "properties");
    if (properties == nullptr || !properties->is_object()) return;
    for (const auto& property : properties->get_object()) {
      const std::string name = prefix + (prefix.empty() ? "" : ".") + std::string(property.key());
      const Json& rules = Resolved(property.value());
      rows_ += "| `" + Cell(name) + "` | " + Cell(TypeOf(rules)) + " | " + (IsRequired(schema, property.key()) ? "yes" : "") + " | " +
               Cell(Meaning(rules)) + " |\n";
      Rows(rules, name, depth + 1);
    }
  }

  const Json& root_;
  std::string rows_;
};

std::string Section(const char* title, const std::string& schema_text) {
  if (schema_text.empty()) return {};
  const auto schema = ParseJson(schema_text);
  return schema.ok() ? std::string("\n## ") + title + "\n" + SchemaTable(*schema).Write() : std::string();
}

}  // namespace

std::string ActionDocs(const ActionInfo& action) {
  std::string out = "# " + action.name + "\n" + action.summary + "\n\n";
  if (action.plugin_name.empty()) {
    out += "Built into the server.\n";
  } else {
    out += "Version " + action.version + ", of the plugin " + action.plugin_name + " " + action.plugin_version +
           (action.is_third_party ? " (third party)" : "") + (action.is_isolated ? ", in a process of its own" : "") + ".";
    out += action.idempotent ? " A repeated call does no harm.\n" : "\n";
  }
  return out + Section("Configuration", action.config_schema_text) + Section("Input", action.input_schema_text) +
         Section("Output", action.output_schema_text);
}

}  // namespace orc
