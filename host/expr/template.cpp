#include "expr/template.h"

#include <utility>

namespace orc {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kEscapedOpen = "{{{{";

std::string_view View(const boost::json::string& text) { return {text.data(), text.size()}; }

/// Where the `}}` of an expression is: those inside quotes do not count.
size_t FindClose(std::string_view text, size_t from) {
  char quote = '\0';
  for (size_t i = from; i + 1 < text.size(); ++i) {
    if (quote != '\0') {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        quote = '\0';
      }
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text.substr(i, 2) == kClose) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// Splits the text of one string; `add_literal` and `add_path` get the pieces in order. Returns what is wrong, or "".
template <typename AddLiteral, typename AddPath>
std::string Split(std::string_view text, const AddLiteral& add_literal, const AddPath& add_path) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t open = text.find(kOpen, at);
    if (open == std::string_view::npos) break;
    add_literal(text.substr(at, open - at));
    if (text.substr(open, kEscapedOpen.size()) == kEscapedOpen) {
      add_literal(kOpen);
      at = open + kEscapedOpen.size();
      continue;
    }
    const size_t close = FindClose(text, open + kOpen.size());
    if (close == std::string_view::npos)
      return "\"{{\" at column " + std::to_string(open + 1) + " has no \"}}\"; write \"{{{{\" for a literal \"{{\"";
    const auto path = FieldPath::Parse(Trimmed(text.substr(open + kOpen.size(), close - open - kOpen.size())));
    if (!path.ok()) return path.error().message;
    add_path(*path);
    at = close + kClose.size();
  }
  add_literal(text.substr(at));
  return {};
}

void AppendAsText(std::string& out, const Json& value) {
  if (value.is_string()) {
    out += View(value.get_string());
  } else {
    PrintJsonTo(out, value);
  }
}

/// What is put in stays text when the result is compiled again: `{{` in a parameter's value is no expression.
void EscapeOpens(Json& value) {
  if (value.is_array()) {
    for (Json& element : value.get_array()) EscapeOpens(element);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) EscapeOpens(member.value());
  } else if (value.is_string()) {
    std::string text(View(value.get_string()));
    for (size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at + kEscapedOpen.size())) {
      text.replace(at, kOpen.size(), kEscapedOpen);
    }
    value = boost::json::string(text.data(), text.size());
  }
}

Json* Walk(Json& document, const std::vector<PathPart>& where) {
  Json* at = &document;
  for (const PathPart& part : where) {
    if (const auto* index = std::get_if<int64_t>(&part)) {
      at = &at->get_array()[static_cast<size_t>(*index)];
    } else {
      at = &at->get_object().at(std::get<std::string>(part));
    }
  }
  return at;
}

/// Calls `visit(text, where, pointer)` for every string of the document that holds "{{".
template <typename Visit>
void ForEachOpenString(const Json& value, std::vector<PathPart>& where, std::string& pointer, const Visit& visit) {
  const size_t length = pointer.size();
  if (value.is_string()) {
    const std::string_view text = View(value.get_string());
    if (text.find(kOpen) != std::string_view::npos) visit(text, where, pointer);
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.get_array().size(); ++i) {
      where.emplace_back(static_cast<int64_t>(i));
      pointer += "/" + std::to_string(i);
      ForEachOpenString(value.get_array()[i], where, pointer, visit);
      pointer.resize(length);
      where.pop_back();
    }
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      const std::string key(member.key().data(), member.key().size());
      where.emplace_back(key);
      AppendPointer(pointer, key);
      ForEachOpenString(member.value(), where, pointer, visit);
      pointer.resize(length);
      where.pop_back();
    }
  }
}

}  // namespace

Result<Template> Template::Compile(const Json& document, std::string_view base) {
  Template made;
  std::vector<Problem> problems;
  std::vector<PathPart> where;
  std::string pointer(base);
  ForEachOpenString(document, where, pointer, [&](std::string_view text, const std::vector<PathPart>& at, const std::string& place) {
    Site site{at, place, {}};
    const std::string fault = Split(
        text,
        [&](std::string_view literal) {
          if (!literal.empty()) site.pieces.push_back({std::string(literal), nullptr});
        },
        [&](const FieldPath& path) {
          site.pieces.push_back({{}, std::make_shared<const FieldPath>(path)});
        });
    if (!fault.empty()) problems.push_back({place, fault});
    made.sites_.push_back(std::move(site));
  });
  if (!problems.empty()) {
    std::string message = problems.front().detail;
    return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
  }
  made.document_ = document;
  return made;
}

Result<Json> Template::FillSite(const Site& site, const Scope& scope, std::string_view only_root) {
  std::string text;
  for (const Piece& piece : site.pieces) {
    if (piece.path == nullptr) {
      // What is compiled again later keeps its escape.
      text += !only_root.empty() && piece.literal == kOpen ? kEscapedOpen : std::string_view(piece.literal);
      continue;
    }
    if (!only_root.empty() && std::get<std::string>(piece.path->parts.front()) != only_root) {
      text += "{{ " + piece.path->source + " }}";
      continue;
    }
    auto value = piece.path->Evaluate(scope);
    if (!value.ok()) return value;
    if (!only_root.empty()) EscapeOpens(value.value());
    if (site.pieces.size() == 1) return value;
    AppendAsText(text, *value);
  }
  return Json(boost::json::string(text.data(), text.size()));
}

Result<Json> Template::Fill(const Scope& scope, std::string_view only_root) const {
  Json filled = document_;
  for (const Site& site : sites_) {
    auto value = FillSite(site, scope, only_root);
    if (!value.ok()) {
      Error error = std::move(value).error();
      error.problems = {{site.pointer, error.message}};
      return error;
    }
    *Walk(filled, site.where) = std::move(value).value();
  }
  return filled;
}

Result<Json> Template::Evaluate(const Scope& scope) const { return Fill(scope, {}); }

Result<Json> Template::EvaluateOnly(std::string_view root, const Scope& scope) const { return Fill(scope, root); }

void Template::ForEachPath(const std::function<void(const std::string&, const FieldPath&)>& visit) const {
  for (const Site& site : sites_) {
    for (const Piece& piece : site.pieces) {
      if (piece.path != nullptr) visit(site.pointer, *piece.path);
    }
  }
}

bool IsTemplated(const Json& value) {
  if (!value.is_string()) return false;
  const std::string_view text = View(value.get_string());
  for (size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at)) {
    if (text.substr(at, kEscapedOpen.size()) != kEscapedOpen) return true;
    at += kEscapedOpen.size();
  }
  return false;
}

}  // namespace orc
