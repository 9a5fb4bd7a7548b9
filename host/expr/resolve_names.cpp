// Names: a type, or a free variable with the constant path that follows it, so that a scope is asked for no more than is named.
#include <algorithm>
#include <array>

#include "expr/parser.h"

namespace orc {
namespace {

constexpr std::array<std::string_view, 11> kTypes = {"bool", "int", "uint", "double",    "string",       "bytes",
                                                     "list", "map", "type", "null_type", "optional_type"};
constexpr std::array<std::string_view, 2> kWellKnown = {"google.protobuf.Timestamp", "google.protobuf.Duration"};

template <size_t N>
std::string_view FindType(const std::array<std::string_view, N>& types, std::string_view name) {
  const auto found = std::find(types.begin(), types.end(), name);
  return found == types.end() ? std::string_view() : *found;
}

class Resolver {
 public:
  explicit Resolver(Tree& tree) : tree_(tree) {}

  void Resolve(NodeId id) {
    if (ResolvePath(id)) return;
    Node& node = tree_.nodes[id];
    if (node.kind == Node::Kind::kHas && ResolveHas(node)) return;
    for (size_t i = 0; i < tree_.nodes[id].children.size(); ++i) Resolve(tree_.nodes[id].children[i]);
  }

 private:
  /// The constant path that ends at the node; empty when it is none.
  std::vector<PathPart> PathOf(NodeId id) const {
    std::vector<PathPart> path;
    const Node* node = &tree_.nodes[id];
    for (; node->kind != Node::Kind::kName; node = &tree_.nodes[node->children.front()]) {
      if (node->is_optional) return {};
      if (node->kind == Node::Kind::kSelect) {
        path.emplace_back(node->name);
      } else if (node->kind != Node::Kind::kIndex || !AddIndex(tree_.nodes[node->children[1]], path)) {
        return {};
      }
    }
    path.emplace_back(node->name);
    std::reverse(path.begin(), path.end());
    return path;
  }

  static bool AddIndex(const Node& index, std::vector<PathPart>& path) {
    if (index.kind != Node::Kind::kLiteral) return false;
    if (index.literal.is(Value::Kind::kString)) {
      path.emplace_back(std::string(index.literal.get_text()));
      return true;
    }
    if (!index.literal.is(Value::Kind::kInt)) return false;
    path.emplace_back(index.literal.get_int());
    return true;
  }

  bool ResolvePath(NodeId id) {
    std::vector<PathPart> path = PathOf(id);
    if (path.empty()) return false;
    Node& node = tree_.nodes[id];
    if (const std::string_view type = TypeAt(path); !type.empty()) {
      node.kind = Node::Kind::kLiteral;
      node.literal = Value::Type(type);
    } else {
      node.kind = Node::Kind::kUse;
      node.slot = AddUse(node, std::move(path), false);
    }
    node.children.clear();
    return true;
  }

  bool ResolveHas(Node& node) {
    if (node.is_optional) return false;
    std::vector<PathPart> path = PathOf(node.children.front());
    if (path.empty()) return false;
    path.emplace_back(node.name);
    node.slot = AddUse(node, std::move(path), true);
    node.children.clear();
    return true;
  }

  static std::string_view TypeAt(const std::vector<PathPart>& path) {
    const auto name = [&](size_t i) { return std::get_if<std::string>(&path[i]); };
    if (path.size() == 1) return FindType(kTypes, *name(0));
    const bool is_dotted = path.size() == 3 && name(1) != nullptr && name(2) != nullptr;
    return is_dotted ? FindType(kWellKnown, *name(0) + "." + *name(1) + "." + *name(2)) : std::string_view();
  }

  uint32_t AddUse(const Node& node, std::vector<PathPart> path, bool is_test) {
    tree_.uses.push_back({std::move(path), node.begin, node.end, is_test});
    return static_cast<uint32_t>(tree_.uses.size() - 1);
  }

  Tree& tree_;
};

}  // namespace

void ResolveNames(Tree& tree) { Resolver(tree).Resolve(tree.root); }

}  // namespace orc
