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

/// `text` so that it stays text when it is compiled: a `{{` in a parameter's value is no expression.
std::string Escaped(std::string text) {
  for (size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at + kEscapedOpen.size())) {
    text.replace(at, kOpen.size(), kEscapedOpen);
  }
  return text;
}

void EscapeOpens(Json& value) {
  if (value.is_array()) {
    for (Json& element : value.get_array()) EscapeOpens(element);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) EscapeOpens(member.value());
  } else if (value.is_string()) {
    const std::string text = Escaped(std::string(View(value.get_string())));
    value = boost::json::string(text.data(), text.size());
  }
}

size_t SizeOf(const Json& value) { return value.is_string() ? value.get_string().size() : PrintJson(value).size(); }

Error TooLarge() {
  return Error{ErrorCode::kTooLarge, "the filled-in values are over the limit of " + std::to_string(kMaxFilledBytes) + " bytes"};
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

Result<Json> Template::FillSite(const Site& site, const Scope& scope, size_t& bytes_left) {
  std::string text;
  for (const Piece& piece : site.pieces) {
    if (piece.path == nullptr) {
      text += piece.literal;
    } else {
      auto value = piece.path->Evaluate(scope);
      if (!value.ok()) return value;
      const size_t size = SizeOf(*value);
      if (size > bytes_left) return TooLarge();
      bytes_left -= size;
      if (site.pieces.size() == 1) return value;
      AppendAsText(text, *value);
    }
  }
  return Json(boost::json::string(text.data(), text.size()));
}

Result<Json> Template::FillSiteOnly(const Site& site, const Scope& scope, std::string_view root, size_t& bytes_left) {
  std::string done;
  std::string text;  // since the last expression that stays: escaped as a whole, a `{{` may come of two values that meet
  for (const Piece& piece : site.pieces) {
    if (piece.path == nullptr) {
      text += piece.literal;
    } else if (std::get<std::string>(piece.path->parts.front()) != root) {
      if ((text.size() - (text.find_last_not_of('{') + 1)) % 2 != 0) {
        return Error{ErrorCode::kInvalid, "a text that ends with \"{\" can't be put right before {{ " + piece.path->source + " }}"};
      }
      done += Escaped(std::exchange(text, {})) + "{{ " + piece.path->source + " }}";
    } else {
      auto value = piece.path->Evaluate(scope);
      if (!value.ok()) return value;
      const size_t size = SizeOf(*value);
      if (size > bytes_left) return TooLarge();
      bytes_left -= size;
      if (site.pieces.size() == 1) {
        EscapeOpens(*value);
        return value;
      }
      AppendAsText(text, *value);
    }
  }
  done += Escaped(std::move(text));
  return Json(boost::json::string(done.data(), done.size()));
}

Result<Json> Template::Fill(const Scope& scope, std::string_view only_root) const {
  Json filled = document_;
  size_t bytes_left = kMaxFilledBytes;
  for (const Site& site : sites_) {
    auto value = only_root.empty() ? FillSite(site, scope, bytes_left) : FillSiteOnly(site, scope, only_root, bytes_left);
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
