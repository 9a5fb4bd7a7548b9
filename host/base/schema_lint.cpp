#include "base/schema_lint.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "base/schema_keywords.h"
#include "base/schema_parts.h"
#include "base/schema_refs.h"

namespace orc {
namespace {

constexpr size_t kMaxDepth = 60;
constexpr size_t kMaxSchemas = 20'000;
constexpr size_t kMaxPatterns = 256;  // each takes memory

std::string_view View(boost::json::string_view text) { return {text.data(), text.size()}; }

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

/// What a reference's pointer must not be: valijson would read it otherwise than we do.
const char* OddPointer(std::string_view fragment) {
  if (!fragment.empty() && fragment[0] != '/') return "is no JSON pointer";
  if (fragment.find('%') != std::string_view::npos) return "holds a %, which is not supported in references";
  if (!fragment.empty() && fragment.back() == '/') return "ends with a slash";
  if (fragment.find("/allOf/") != std::string_view::npos) return "leads into allOf; put what it means under definitions";
  return nullptr;
}

/// Walks the schema, renames and collects faults. `file` is the file that the current part came from ("" is the document itself).
class Preparation {
 public:
  explicit Preparation(std::string_view dir) : dir_(dir) {}

  void Visit(Json& node, const std::string& file, const std::string& pointer, size_t depth) {
    visited_.insert(pointer);
    if (node.is_bool()) return;
    if (!node.is_object()) return Fault(pointer, "a schema is an object or a boolean, found " + DescribeJson(node));
    if (depth > kMaxDepth) return Fault(pointer, "schemas nest at most " + std::to_string(kMaxDepth) + " deep");
    if (visited_.size() > kMaxSchemas) return;
    JsonObject& object = node.get_object();
    if (object.contains("$ref")) {
      VisitRef(object, file, pointer);
    } else {
      RenameKeywords(object, pointer, problems_);
      patterns_ += object.contains(boost::json::string_view(kPatternKeyword.data(), kPatternKeyword.size())) ? 1 : 0;
    }
    ForEachSchemaBelow(object, pointer,
                       [&](Json& child, const SchemaKeyword&, const std::string& at) { Visit(child, file, at, depth + 1); });
  }

  /// To be called when all is visited.
  void CheckReferences() {
    if (visited_.size() > kMaxSchemas) Fault("", "it holds more than " + std::to_string(kMaxSchemas) + " schemas");
    if (patterns_ > kMaxPatterns) Fault("", "it holds more than " + std::to_string(kMaxPatterns) + " patterns");
    for (const auto& [pointer, target] : references_) {
      if (visited_.count(target) != 0) continue;
      Fault(Pointer(pointer, "$ref"), "\"#" + target + "\" names nothing in this schema that is a schema");
    }
  }

  std::vector<Problem>& problems() { return problems_; }
  std::map<std::string, Json>& files() { return files_; }

 private:
  void Fault(const std::string& pointer, std::string detail) { problems_.push_back({pointer, std::move(detail)}); }

  /// Turns "x.json#/a" into "#/definitions/file:x.json/a" and sees to it that the file is brought in. All else beside a reference is
  /// void, but what is defined there may be referred to.
  void VisitRef(JsonObject& object, const std::string& file, const std::string& pointer) {
    const Json reference = object["$ref"];
    if (!reference.is_string()) return Fault(Pointer(pointer, "$ref"), "text is expected, found " + DescribeJson(reference));
    const std::string target(View(reference.get_string()));
    const size_t hash = target.find('#');
    std::string other = target.substr(0, hash);
    const std::string fragment = hash == std::string::npos ? "" : target.substr(hash + 1);
    if (const char* odd = OddPointer(fragment)) return Fault(Pointer(pointer, "$ref"), "\"" + target + "\" " + odd);
    if (other.empty()) other = file;
    if (!other.empty() && !Bring(other, pointer, target)) return;
    const std::string resolved = (other.empty() ? "" : Pointer("/definitions", BundledName(other))) + fragment;
    references_.emplace_back(pointer, resolved);
    JsonObject kept{{"$ref", "#" + resolved}};
    for (const char* key : {"definitions", "$defs"}) {
      if (const Json* definitions = object.if_contains(key); definitions != nullptr) kept[key] = *definitions;
    }
    object = std::move(kept);
  }

  bool Bring(const std::string& file, const std::string& pointer, const std::string& target) {
    if (files_.count(file) != 0) return true;
    auto read = ReadSchemaFile(dir_, file);
    if (!read.ok()) {
      Fault(Pointer(pointer, "$ref"), "\"" + target + "\" " + read.error().message);
      return false;
    }
    Visit(files_[file] = std::move(read).value(), file, Pointer("/definitions", BundledName(file)), 0);
    return true;
  }

  std::string_view dir_;
  std::vector<Problem> problems_;
  std::map<std::string, Json> files_;
  size_t patterns_ = 0;
  std::set<std::string> visited_;
  std::vector<std::pair<std::string, std::string>> references_;  // where, and to what
};

}  // namespace

Result<Json> PrepareSchema(std::string_view name, const Json& schema, std::string_view resolve_dir) {
  Json prepared = NormalNumbers(schema);
  if (prepared.is_bool() && !prepared.get_bool()) prepared = JsonObject{{"not", JsonObject()}};  // valijson takes it for true
  Preparation preparation(resolve_dir);
  preparation.Visit(prepared, "", "", 0);
  for (auto& [file, content] : preparation.files()) {
    auto& definitions = prepared.get_object()["definitions"];
    if (!definitions.is_object()) definitions = JsonObject();
    definitions.get_object()[BundledName(file)] = content;
  }
  preparation.CheckReferences();
  std::vector<Problem> problems = std::move(preparation.problems());
  if (problems.empty()) CheckReferenceLoops(prepared, problems);
  if (problems.empty()) {
    AddCosts(prepared);
    return prepared;
  }
  std::string message = "the schema " + std::string(name) + " can't be used: " + problems.front().pointer + ": " + problems.front().detail;
  return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
}

}  // namespace orc
