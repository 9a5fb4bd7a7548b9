#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/utf8.h"
#include "expr/template.h"

namespace orc {
namespace {

constexpr size_t kMaxParts = 64;
// Words that CEL keeps for itself: a path that is fine today must mean the same tomorrow.
constexpr std::array<std::string_view, 21> kReserved = {"true",     "false",   "null",      "in",       "as",  "break",  "const",
                                                        "continue", "else",    "for",       "function", "if",  "import", "let",
                                                        "loop",     "package", "namespace", "return",   "var", "void",   "while"};

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Recursive descent over `name ( .name | [index] | ["text"] )*`; each step says what it expected where.
class PathReader {
 public:
  explicit PathReader(std::string_view source) : source_(source) {}

  Result<FieldPath> Read() {
    FieldPath path{{}, std::string(source_)};
    SkipSpace();
    ORC_ASSIGN_OR_RETURN(std::string root, ReadName(true));
    path.parts.emplace_back(std::move(root));
    for (SkipSpace(); at_ < source_.size(); SkipSpace()) {
      if (path.parts.size() == kMaxParts) return Fault("a path has at most " + std::to_string(kMaxParts) + " parts");
      ORC_ASSIGN_OR_RETURN(PathPart part, ReadPart());
      path.parts.push_back(std::move(part));
    }
    return path;
  }

 private:
  Error Fault(const std::string& why) const {
    return Error{ErrorCode::kInvalid, "column " + std::to_string(at_ + 1) + " of \"" + std::string(source_) + "\": " + why};
  }
  std::string Found() const {
    if (at_ >= source_.size()) return "found the end";
    return "found \"" + std::string(source_.substr(at_, std::max<size_t>(1, Utf8Length(source_, at_)))) + "\"";
  }
  void SkipSpace() {
    while (at_ < source_.size() && std::string_view(" \t\r\n").find(source_[at_]) != std::string_view::npos) ++at_;
  }
  bool Take(char c) {
    if (at_ >= source_.size() || source_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<std::string> ReadName(bool root) {
    if (at_ >= source_.size() || !IsNameStart(source_[at_])) return Fault("a name is expected, " + Found());
    const size_t begin = at_;
    while (at_ < source_.size() && IsNamePart(source_[at_])) ++at_;
    std::string name(source_.substr(begin, at_ - begin));
    // As in CEL: fields that are reserved words are only refused at the root.
    if (root && std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
      at_ = begin;
      return Fault("\"" + name + "\" is a reserved word");
    }
    return name;
  }

  Result<PathPart> ReadPart() {
    if (Take('.')) {
      SkipSpace();
      ORC_ASSIGN_OR_RETURN(std::string name, ReadName(false));
      return PathPart(std::move(name));
    }
    if (!Take('[')) return Fault("\".\" or \"[\" is expected, " + Found());
    SkipSpace();
    ORC_ASSIGN_OR_RETURN(PathPart part, ReadSubscript());
    SkipSpace();
    if (!Take(']')) return Fault("\"]\" is expected, " + Found());
    return part;
  }

  Result<PathPart> ReadSubscript() {
    if (at_ < source_.size() && (source_[at_] == '"' || source_[at_] == '\'')) {
      ORC_ASSIGN_OR_RETURN(std::string text, ReadText(source_[at_++]));
      return PathPart(std::move(text));
    }
    if (at_ < source_.size() && source_[at_] == '-') return Fault("an index is not negative");
    int64_t index = 0;
    const auto read = std::from_chars(source_.data() + at_, source_.data() + source_.size(), index);
    if (read.ec == std::errc::result_out_of_range) return Fault("the index is too large");
    if (read.ec != std::errc()) return Fault("an index or a quoted name is expected, " + Found());
    at_ = static_cast<size_t>(read.ptr - source_.data());
    return PathPart(index);
  }

  Result<std::string> ReadText(char quote) {
    std::string text;
    while (at_ < source_.size() && source_[at_] != quote) {
      if (source_[at_] != '\\') {
        text += source_[at_++];
        continue;
      }
      const char escape = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
      constexpr std::string_view kEscapes = "\\\"'`nrt";
      constexpr std::string_view kMeanings = "\\\"'`\n\r\t";
      const size_t known = escape == '\0' ? std::string_view::npos : kEscapes.find(escape);
      if (known == std::string_view::npos) return Fault("this escape is not known");
      text += kMeanings[known];
      at_ += 2;
    }
    if (!Take(quote)) return Fault("the quoted name does not end");
    return text;
  }

  std::string_view source_;
  size_t at_ = 0;
};

std::string Shown(const FieldPath& path, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (const auto* index = std::get_if<int64_t>(&path.parts[i])) {
      text += "[" + std::to_string(*index) + "]";
    } else if (i == 0) {
      text += std::get<std::string>(path.parts[i]);
    } else {
      text += "[\"" + std::get<std::string>(path.parts[i]) + "\"]";
    }
  }
  return text;
}

Error Missing(const FieldPath& path, size_t part, const std::string& why) {
  return Error{ErrorCode::kInvalid, "\"" + path.source + "\": " + Shown(path, part) + " " + why};
}

/// The member that one part of the path leads to.
Result<const Json*> Step(const FieldPath& path, size_t part, const Json& value) {
  if (const auto* index = std::get_if<int64_t>(&path.parts[part])) {
    if (!value.is_array()) return Missing(path, part, "is " + DescribeJson(value) + ", not an array");
    const auto size = static_cast<int64_t>(value.get_array().size());
    if (*index >= size) return Missing(path, part, "has " + std::to_string(size) + " elements, none at [" + std::to_string(*index) + "]");
    return &value.get_array()[static_cast<size_t>(*index)];
  }
  const auto& name = std::get<std::string>(path.parts[part]);
  if (!value.is_object()) return Missing(path, part, "is " + DescribeJson(value) + ", not an object");
  const Json* member = Find(value, name);
  if (member == nullptr) return Missing(path, part, "has no \"" + name + "\"");
  return member;
}

}  // namespace

Result<FieldPath> FieldPath::Parse(std::string_view source) {
  constexpr size_t kMaxSource = 4096;
  if (source.size() > kMaxSource) return Error{ErrorCode::kInvalid, "an expression has at most " + std::to_string(kMaxSource) + " bytes"};
  return PathReader(source).Read();
}

Result<Json> FieldPath::Evaluate(const Scope& scope) const {
  ORC_ASSIGN_OR_RETURN(const Scope::Found found, scope.Find(parts));
  const Json* value = found.value;
  for (size_t part = found.consumed; part < parts.size(); ++part) {
    ORC_ASSIGN_OR_RETURN(value, Step(*this, part, *value));
  }
  return *value;
}

}  // namespace orc
