#include "app/yaml_document.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "app/yaml_scalar.h"

namespace orc {
namespace {

SourcePosition PositionOf(const YAML::Mark& mark) {
  return mark.is_null() ? SourcePosition{} : SourcePosition{mark.line + 1, mark.column + 1};
}

/// Whether the quoted scalar that begins at `begin` has its closing quote: yaml-cpp takes the end of the file for one.
bool IsClosed(std::string_view text, size_t begin) {
  if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return true;
  const char quote = text[begin];
  for (size_t at = begin + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return true;
      ++at;  // '' stands for one quote
    }
  }
  return false;
}

/// Walks the node tree once. yaml-cpp keeps duplicate keys and shares aliased nodes, so both are judged here.
class Converter {
 public:
  Converter(std::string_view text, YamlDocument& out, const Environment& environment) : text_(text), out_(out), environment_(environment) {}

  Json Convert(const YAML::Node& node, const std::string& pointer, int depth) {
    out_.values.emplace(pointer, PositionOf(node.Mark()));
    if (++nodes_ > kMaxYamlNodes) return Stop(node, "more than " + std::to_string(kMaxYamlNodes) + " values (aliases count each time)");
    if (depth > kMaxYamlDepth) return Stop(node, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
    if (node.IsMap()) return ConvertMap(node, pointer, depth);
    if (node.IsSequence()) return ConvertSequence(node, pointer, depth);
    if (node.IsScalar()) return ConvertScalar(node);
    return Json(nullptr);
  }

 private:
  Json ConvertMap(const YAML::Node& node, const std::string& pointer, int depth) {
    JsonObject object;
    std::set<std::string> seen;
    for (const auto& member : node) {
      if (stopped_) break;
      if (!member.first.IsScalar()) {
        Fault(member.first, "a key that is not plain text, expected a name");
        continue;
      }
      const std::string& key = member.first.Scalar();
      if (!seen.insert(key).second) {
        Fault(member.first, "the key \"" + key + "\" is there twice, expected it once");
        continue;
      }
      const std::string member_pointer = Pointer(pointer, key);
      out_.keys.emplace(member_pointer, PositionOf(member.first.Mark()));
      object[key] = Convert(member.second, member_pointer, depth + 1);
    }
    return object;
  }

  Json ConvertSequence(const YAML::Node& node, const std::string& pointer, int depth) {
    JsonArray array;
    for (const auto& item : node) {
      if (stopped_) break;
      array.push_back(Convert(item, Pointer(pointer, array.size()), depth + 1));
    }
    return array;
  }

  Json ConvertScalar(const YAML::Node& node) {
    auto text = Substitute(node.Scalar(), environment_);
    if (!text.ok()) return Fault(node, text.error().message);
    if (!IsUtf8(*text)) return Fault(node, "text that is not UTF-8");
    const std::string& tag = node.Tag();
    if (tag == "!" && !IsClosed(text_, static_cast<size_t>(node.Mark().pos))) return Fault(node, "a quote that is never closed");
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return Json(*text);  // quoted
    if (!tag.empty() && tag != "?") return Fault(node, "the tag " + tag + ", expected none");
    auto value = ReadPlainScalar(*text);
    if (!value.ok()) return Fault(node, value.error().message);
    return std::move(value).value();
  }

  Json Fault(const YAML::Node& node, std::string message) {
    out_.faults.push_back({PositionOf(node.Mark()), std::move(message)});
    return nullptr;
  }

  Json Stop(const YAML::Node& node, std::string message) {
    if (!stopped_) Fault(node, std::move(message));
    stopped_ = true;
    return nullptr;
  }

  std::string_view text_;
  YamlDocument& out_;
  const Environment& environment_;
  int nodes_ = 0;
  bool stopped_ = false;
};

}  // namespace

SourcePosition YamlDocument::PlaceOf(const std::string& pointer) const {
  std::string at = pointer;
  while (true) {
    if (const auto key = keys.find(at); key != keys.end()) return key->second;
    if (const auto value = values.find(at); value != values.end()) return value->second;
    if (at.empty()) return {};
    at.erase(at.rfind('/'));
  }
}

YamlDocument ReadYaml(std::string_view text, const Environment& environment) {
  YamlDocument document;
  if (text.size() > kMaxYamlBytes) {
    document.faults.push_back(
        {{}, "the file has " + std::to_string(text.size()) + " bytes, expected at most " + std::to_string(kMaxYamlBytes)});
    return document;
  }
  try {
    const std::vector<YAML::Node> nodes = YAML::LoadAll(std::string(text));
    if (nodes.size() > 1) {
      document.faults.push_back({PositionOf(nodes[1].Mark()), "a second document, expected one"});
    } else if (nodes.size() == 1) {
      document.value = Converter(text, document, environment).Convert(nodes[0], "", 0);
    }
  } catch (const YAML::Exception& fault) {
    document.faults.push_back({PositionOf(fault.mark), "not readable as YAML: " + fault.msg});
  }
  return document;
}

}  // namespace orc
