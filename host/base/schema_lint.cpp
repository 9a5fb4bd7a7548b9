#include "base/schema_lint.h"

#include <re2/re2.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace orc {
namespace {

constexpr size_t kMaxDepth = 60;
// Keywords whose value is one schema, a list of schemas, or a map of schemas.
constexpr std::array kOne = {"additionalProperties", "items", "additionalItems", "contains", "propertyNames", "not", "if", "then", "else"};
constexpr std::array kList = {"allOf", "anyOf", "oneOf", "items"};
constexpr std::array kMap = {"properties", "definitions", "dependencies"};
// Those of them that judge the same value, without stepping into it.
constexpr std::array kSameValueOne = {"not", "if", "then", "else"};
constexpr std::array kSameValueList = {"allOf", "anyOf", "oneOf"};

std::string_view View(boost::json::string_view text) { return {text.data(), text.size()}; }
boost::json::string_view Boost(std::string_view text) { return {text.data(), text.size()}; }

std::string BundledName(std::string_view file) { return "file:" + std::string(file); }

/// Reads one file that a `$ref` names; only plain names inside the folder.
Result<Json> ReadSchemaFile(std::string_view dir, const std::string& file) {
  if (dir.empty() || file.find("://") != std::string::npos || file.find('/') != std::string::npos || file.find("..") != std::string::npos) {
    return Error{ErrorCode::kInvalid, "is not in this document; only local references are followed, nothing is ever fetched"};
  }
  std::ifstream in(std::string(dir) + "/" + file, std::ios::binary);
  if (!in) return Error{ErrorCode::kInvalid, "names a file that is not in " + std::string(dir)};
  std::ostringstream text;
  text << in.rdbuf();
  return ParseJson(text.str());
}

/// Walks the schema, renames and collects faults. `file` is the file that the current part came from ("" is the document itself).
class Preparation {
 public:
  explicit Preparation(std::string_view dir) : dir_(dir) {}

  void Visit(Json& node, const std::string& file, const std::string& pointer, size_t depth) {
    if (node.is_bool()) return;
    if (!node.is_object()) return Fault(pointer, "a schema is an object or a boolean, found " + DescribeJson(node));
    if (depth > kMaxDepth) return Fault(pointer, "schemas nest at most " + std::to_string(kMaxDepth) + " deep");
    JsonObject& object = node.get_object();
    if (object.contains("$ref")) {
      VisitRef(object, file, pointer);
      // All else beside a reference is void, but what is defined there may be referred to.
      return VisitMap(object.if_contains("definitions"), file, Pointer(pointer, "definitions"), depth, "definitions");
    }
    Rename(object, pointer);
    for (const char* key : kOne) {
      Json* child = object.if_contains(key);
      if (child != nullptr && !child->is_array()) Visit(*child, file, Pointer(pointer, key), depth + 1);
    }
    for (const char* key : kList) VisitList(object.if_contains(key), file, Pointer(pointer, key), depth, key);
    for (const char* key : kMap) VisitMap(object.if_contains(key), file, Pointer(pointer, key), depth, key);
  }

  std::vector<Problem>& problems() { return problems_; }
  std::map<std::string, Json>& files() { return files_; }

 private:
  void Fault(const std::string& pointer, std::string detail) { problems_.push_back({pointer, std::move(detail)}); }

  void VisitList(Json* list, const std::string& file, const std::string& pointer, size_t depth, std::string_view key) {
    if (list == nullptr) return;
    if (!list->is_array()) {
      if (key != "items") Fault(pointer, "a list of schemas is expected, found " + DescribeJson(*list));
      return;
    }
    for (size_t i = 0; i < list->get_array().size(); ++i) Visit(list->get_array()[i], file, Pointer(pointer, i), depth + 1);
  }

  void VisitMap(Json* map, const std::string& file, const std::string& pointer, size_t depth, std::string_view key) {
    if (map == nullptr) return;
    if (!map->is_object()) return Fault(pointer, "an object of schemas is expected, found " + DescribeJson(*map));
    for (auto& member : map->get_object()) {
      if (key == "dependencies" && member.value().is_array()) continue;
      Visit(member.value(), file, Pointer(pointer, View(member.key())), depth + 1);
    }
  }

  /// Turns "x.json#/a" into "#/definitions/file:x.json/a" and sees to it that the file is brought in.
  void VisitRef(JsonObject& object, const std::string& file, const std::string& pointer) {
    const Json reference = object["$ref"];
    if (!reference.is_string()) return Fault(Pointer(pointer, "$ref"), "text is expected, found " + DescribeJson(reference));
    const std::string target(View(reference.get_string()));
    const size_t hash = target.find('#');
    std::string other = target.substr(0, hash);
    const std::string fragment = hash == std::string::npos ? "" : target.substr(hash + 1);
    if (!fragment.empty() && fragment[0] != '/') return Fault(Pointer(pointer, "$ref"), "\"" + target + "\" is no JSON pointer");
    if (other.empty()) other = file;
    if (!other.empty() && !Bring(other, pointer, target)) return;
    const std::string base = other.empty() ? "" : "/definitions/" + BundledName(other);
    const Json* definitions = object.if_contains("definitions");
    JsonObject kept{{"$ref", "#" + base + fragment}};
    if (definitions != nullptr) kept["definitions"] = *definitions;
    object = std::move(kept);
  }

  bool Bring(const std::string& file, const std::string& pointer, const std::string& target) {
    if (files_.count(file) != 0) return true;
    auto read = ReadSchemaFile(dir_, file);
    if (!read.ok()) {
      Fault(Pointer(pointer, "$ref"), "\"" + target + "\" " + read.error().message);
      return false;
    }
    Json& stored = files_[file] = std::move(read).value();
    if (stored.is_object()) stored.get_object().erase("$schema");
    if (stored.is_object()) stored.get_object().erase("$id");
    Visit(stored, file, "/definitions/" + BundledName(file), 0);
    return true;
  }

  void Rename(JsonObject& object, const std::string& pointer) {
    object.erase("format");
    if (object.contains("patternProperties")) {
      Fault(Pointer(pointer, "patternProperties"), "patternProperties is not supported; use propertyNames and additionalProperties");
      object.erase("patternProperties");
    }
    if (const Json* pattern = object.if_contains("pattern")) RenamePattern(object, *pattern, Pointer(pointer, "pattern"));
    if (const Json* unique = object.if_contains("uniqueItems")) {
      const bool wanted = unique->is_bool() && unique->get_bool();
      if (!unique->is_bool()) Fault(Pointer(pointer, "uniqueItems"), "true or false is expected, found " + DescribeJson(*unique));
      object.erase("uniqueItems");
      if (wanted) object[Boost(kUniqueKeyword)] = true;
    }
  }

  void RenamePattern(JsonObject& object, const Json& pattern, const std::string& pointer) {
    const Json copy = pattern;
    object.erase("pattern");
    if (!copy.is_string()) return Fault(pointer, "text is expected, found " + DescribeJson(copy));
    const re2::RE2 compiled(std::string(View(copy.get_string())), re2::RE2::Quiet);
    if (!compiled.ok()) return Fault(pointer, "the pattern can't be used: " + compiled.error());
    object[Boost(kPatternKeyword)] = copy;
  }

  std::string_view dir_;
  std::vector<Problem> problems_;
  std::map<std::string, Json> files_;
};

/// Finds references that lead nowhere, and those that lead back without stepping into the value (they would never end).
class RefCheck {
 public:
  RefCheck(const Json& root, std::vector<Problem>& problems) : root_(root), problems_(problems) {}

  void Visit(const Json& node, const std::string& pointer) {
    if (node.is_object()) {
      std::vector<const Json*> path;
      if (node.get_object().contains("$ref") && Loops(node, path)) {
        problems_.push_back({Pointer(pointer, "$ref"), "this reference leads back to itself"});
      }
      for (const auto& member : node.get_object()) {
        if (View(member.key()) == "$ref") {
          CheckTarget(member.value(), Pointer(pointer, "$ref"));
        } else if (View(member.key()) != "enum" && View(member.key()) != "const" && View(member.key()) != "default" &&
                   View(member.key()) != "examples") {
          Visit(member.value(), Pointer(pointer, View(member.key())));
        }
      }
    } else if (node.is_array()) {
      for (size_t i = 0; i < node.get_array().size(); ++i) Visit(node.get_array()[i], Pointer(pointer, i));
    }
  }

 private:
  const Json* Target(const Json& reference) const {
    if (!reference.is_string() || reference.get_string().empty()) return nullptr;
    return ResolvePointer(root_, View(reference.get_string()).substr(1));
  }

  void CheckTarget(const Json& reference, const std::string& pointer) {
    if (reference.is_string() && Target(reference) == nullptr) {
      problems_.push_back({pointer, "\"" + std::string(View(reference.get_string())) + "\" names nothing in this schema"});
    }
  }

  bool Loops(const Json& node, std::vector<const Json*>& path) const {
    for (const Json* earlier : path) {
      if (earlier == &node) return true;
    }
    if (path.size() > kMaxDepth) return true;
    if (!node.is_object()) return false;
    path.push_back(&node);
    const bool loops = LoopsBelow(node.get_object(), path);
    path.pop_back();
    return loops;
  }

  bool LoopsBelow(const JsonObject& object, std::vector<const Json*>& path) const {
    if (const Json* reference = object.if_contains("$ref")) {
      const Json* target = Target(*reference);
      return target != nullptr && Loops(*target, path);
    }
    for (const char* key : kSameValueOne) {
      if (const Json* child = object.if_contains(key); child != nullptr && Loops(*child, path)) return true;
    }
    for (const char* key : kSameValueList) {
      const Json* list = object.if_contains(key);
      if (list == nullptr || !list->is_array()) continue;
      for (const Json& child : list->get_array()) {
        if (Loops(child, path)) return true;
      }
    }
    return false;
  }

  const Json& root_;
  std::vector<Problem>& problems_;
};

}  // namespace

Result<Json> PrepareSchema(std::string_view name, const Json& schema, std::string_view resolve_dir) {
  Json prepared = schema;
  Preparation preparation(resolve_dir);
  if (prepared.is_object()) prepared.get_object().erase("$id");  // valijson would resolve references against it
  preparation.Visit(prepared, "", "", 0);
  std::vector<Problem> problems = std::move(preparation.problems());
  for (auto& [file, content] : preparation.files()) {
    auto& definitions = prepared.get_object()["definitions"];
    if (!definitions.is_object()) definitions = JsonObject();
    definitions.get_object()[BundledName(file)] = content;
  }
  if (problems.empty()) RefCheck(prepared, problems).Visit(prepared, "");
  if (problems.empty()) return prepared;
  std::string message = "the schema " + std::string(name) + " can't be used: " + problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

const Json* ResolvePointer(const Json& document, std::string_view pointer) {
  const Json* at = &document;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return nullptr;
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string token;
    for (size_t i = 1; i < end; ++i) {
      const bool escape = pointer[i] == '~' && i + 1 < end;
      token += escape ? (pointer[++i] == '1' ? '/' : '~') : pointer[i];
    }
    if (at->is_array()) {
      const size_t index = token.find_first_not_of("0123456789") == std::string::npos && !token.empty() && token.size() < 10
                               ? std::stoul(token)
                               : at->get_array().size();
      at = at->get_array().if_contains(index);
    } else {
      at = Find(*at, token);
    }
    if (at == nullptr) return nullptr;
    pointer.remove_prefix(end);
  }
  return at;
}

const Json* SubschemaAt(const Json& schema, std::string_view pointer) {
  const Json* at = &schema;
  const auto follow = [&schema](const Json* node) {
    for (size_t hops = 0; node != nullptr && hops < kMaxDepth; ++hops) {
      const std::string_view reference = StringAt(*node, "$ref");
      if (reference.empty()) break;
      node = ResolvePointer(schema, reference.substr(1));
    }
    return node;
  };
  for (at = follow(at); at != nullptr && !pointer.empty(); at = follow(at)) {
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view token = pointer.substr(1, end - 1);
    const Json* next = nullptr;
    if (const Json* properties = Find(*at, "properties")) next = ResolvePointer(*properties, pointer.substr(0, end));
    if (next == nullptr && token.find_first_not_of("0123456789") == std::string_view::npos) next = Find(*at, "items");
    if (next == nullptr) next = Find(*at, "additionalProperties");
    at = next;
    pointer.remove_prefix(end);
  }
  return at;
}

}  // namespace orc
