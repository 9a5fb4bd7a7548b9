#include "base/schema_refs.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/schema_lint.h"
#include "base/schema_parts.h"

namespace orc {
namespace {

constexpr size_t kMaxSameValue = 16;      // schemas that judge one value, one inside the other
constexpr size_t kMaxPath = 64;           // a way longer than this is too deep, whether it loops or not
constexpr size_t kMaxParseDepth = 1'000;  // schemas that valijson is inside of at once while it reads
constexpr int64_t kCheapLeaf = 16;

std::string_view Reference(const Json& node) { return StringAt(node, "$ref"); }

/// Walks schemas by what judges the same value, references included.
class LoopCheck {
 public:
  LoopCheck(const Json& root, std::vector<Problem>& problems) : root_(root), problems_(problems) {}

  void Visit(const Json& node, const std::string& pointer) {
    if (!node.is_object()) return;
    loops_ = deep_ = false;
    const size_t height = HeightOfSame(node, 0);
    const bool is_reference = !Reference(node).empty();
    if (is_reference) targets_.insert(Target(node));
    if (is_reference && loops_) problems_.push_back({Pointer(pointer, "$ref"), "this reference leads back to itself"});
    if (!loops_ && (deep_ || height > kMaxSameValue)) problems_.push_back({pointer, TooDeep()});
    ForEachSchemaBelow(node.get_object(), pointer,
                       [&](const Json& child, const SchemaKeyword&, const std::string& at) { Visit(child, at); });
  }

  /// valijson reads a target where it first meets a reference to it, inside of all that it is reading then.
  void CheckParseDepth() {
    size_t depth = Height(root_);
    for (const Json* target : targets_) depth += target == nullptr ? 0 : Height(*target);
    if (depth > kMaxParseDepth) problems_.push_back({"", "it holds too many references to schemas that nest deep"});
  }

 private:
  static std::string TooDeep() {
    return "more than " + std::to_string(kMaxSameValue) + " combinations and references judge the same value, one inside the other";
  }
  const Json* Target(const Json& node) const { return ResolvePointer(root_, Reference(node).substr(1)); }

  /// How many schemas judge one value one inside the other, from `node` down; sets `loops_` or `deep_` when that does not end.
  size_t HeightOfSame(const Json& node, size_t depth) {
    if (!node.is_object()) return 0;
    if (const auto known = height_.find(&node); known != height_.end()) return known->second;
    loops_ = loops_ || on_path_.count(&node) != 0;
    deep_ = deep_ || depth > kMaxPath;
    if (loops_ || deep_) return 0;
    on_path_.insert(&node);
    size_t height = 0;
    if (!Reference(node).empty()) {
      if (const Json* target = Target(node)) height = 1 + HeightOfSame(*target, depth + 1);
    } else {
      ForEachSchemaBelow(node.get_object(), "", [&](const Json& child, const SchemaKeyword& keyword, const std::string&) {
        if (keyword.same_value) height = std::max(height, 1 + HeightOfSame(child, depth + 1));
      });
    }
    on_path_.erase(&node);
    if (!loops_ && !deep_) height_[&node] = height;
    return height;
  }

  static size_t Height(const Json& node) {
    size_t height = 0;
    if (!node.is_object()) return height;
    ForEachSchemaBelow(node.get_object(), "",
                       [&](const Json& child, const SchemaKeyword&, const std::string&) { height = std::max(height, Height(child)); });
    return height + 1;
  }

  const Json& root_;
  std::vector<Problem>& problems_;
  bool loops_ = false;
  bool deep_ = false;
  std::unordered_set<const Json*> on_path_;
  std::unordered_set<const Json*> targets_;
  std::unordered_map<const Json*, size_t> height_;
};

/// What judging one value costs without the schemas that judge what is inside of it.
int64_t OwnCost(const JsonObject& object) {
  size_t cost = 1;
  for (const char* listed : {"enum", "const", "required"}) {
    if (const Json* value = object.if_contains(listed)) cost += CountValues(*value);
  }
  for (const SchemaKeyword& keyword : kSchemaKeywords) {
    const Json* value = object.if_contains(keyword.name);
    if (value != nullptr && value->is_array()) cost += value->get_array().size();
    if (value != nullptr && value->is_object() && keyword.map) cost += value->get_object().size();
  }
  return static_cast<int64_t>(cost);
}

}  // namespace

void CheckReferenceLoops(const Json& schema, std::vector<Problem>& problems) {
  LoopCheck check(schema, problems);
  check.Visit(schema, "");
  if (problems.empty()) check.CheckParseDepth();
}

void AddCosts(Json& schema) {
  if (!schema.is_object()) return;
  JsonObject& object = schema.get_object();
  if (object.contains("$ref")) {
    for (const char* key : {"definitions", "$defs"}) {
      if (Json* map = object.if_contains(key); map != nullptr && map->is_object())
        for (auto& member : map->get_object()) AddCosts(member.value());
    }
    return;
  }
  bool leaf = true;
  int64_t for_each_child = 1;
  ForEachSchemaBelow(object, "", [&](Json& child, const SchemaKeyword& keyword, const std::string&) {
    leaf = false;
    if (keyword.one && !keyword.same_value && child.is_object()) for_each_child += OwnCost(child.get_object());
    AddCosts(child);
  });
  const int64_t own = OwnCost(object);
  if (leaf && own <= kCheapLeaf) return;
  JsonArray judged{JsonObject{{kCostKeyword.data(), JsonArray{own, for_each_child}}}};
  if (const Json* all = object.if_contains("allOf"); all != nullptr)
    judged.insert(judged.end(), all->get_array().begin(), all->get_array().end());
  object["allOf"] = std::move(judged);
}

}  // namespace orc
