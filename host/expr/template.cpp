#include "expr/template.h"

#include <algorithm>
#include <utility>

#include "expr/template_text.h"
#include "expr/value_json.h"

namespace orc {
namespace {

// Of one document; what is put in is counted with a little more than its text.
constexpr size_t kMaxSteps = 2'000'000;
constexpr size_t kSlackBytes = 64u << 10;

// A `{` right before an expression would be read as part of its `{{`.
constexpr const char* kOneBrace = "{{ \"{\" }}";
constexpr const char* kNothing = "{{ \"\" }}";

std::string AsPiece(const std::string& source) {
  std::string piece = "{{ " + source + " }}";
  // Behind a comment the end must stand on a line of its own.
  const bool is_whole = source.find("//") == std::string::npos || SplitTemplate(piece).ok();
  return is_whole ? piece : "{{ " + source + "\n}}";
}

std::string_view View(const boost::json::string& text) { return {text.data(), text.size()}; }
Json TextJson(std::string_view text) { return boost::json::string(text.data(), text.size()); }

void EscapeOpens(Json& value) {
  if (value.is_array()) {
    for (Json& element : value.get_array()) EscapeOpens(element);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) EscapeOpens(member.value());
  } else if (value.is_string()) {
    value = TextJson(EscapeBraces(std::string(View(value.get_string()))));
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
    if (text.find(kOpenBraces) != std::string_view::npos) visit(text, where, pointer);
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

bool IsKnown(const Expression& expression, const KnownName& is_known, bool wholly) {
  bool all = true;
  bool some = !expression.HasVariables();
  expression.ForEachUse([&](const Expression::Use& use) {
    const bool known = is_known(std::get<std::string>(use.path.front()));
    all = all && known;
    some = some || known;
  });
  return wholly ? all : some;
}

Error AtSite(Error error, const std::string& pointer) {
  if (error.code == ErrorCode::kTooLarge) {
    error.message = "the filled-in values are over the limit of " + std::to_string(kMaxFilledBytes) + " bytes or " +
                    std::to_string(kMaxSteps) + " steps";
  }
  if (error.problems.empty()) error.problems.push_back({"", error.message});
  error.problems.front().pointer = pointer;
  error.problems.front().detail = error.message;
  return error;
}

}  // namespace

Result<Template> Template::Compile(const Json& document, std::string_view base) {
  Template made;
  std::vector<Problem> problems;
  std::vector<PathPart> where;
  std::string pointer(base);
  ForEachOpenString(document, where, pointer, [&](std::string_view text, const std::vector<PathPart>& at, const std::string& place) {
    Site site{at, place, {}};
    const auto pieces = SplitTemplate(text);
    if (!pieces.ok()) return problems.push_back({place, pieces.error().message});
    for (const TemplatePiece& piece : *pieces) {
      if (!piece.is_expression) {
        site.pieces.push_back({piece.text, nullptr});
        continue;
      }
      auto compiled = Expression::Compile(piece.text);
      if (compiled.ok()) {
        site.pieces.push_back({{}, *std::move(compiled)});
        continue;
      }
      if (compiled.error().problems.empty()) problems.push_back({place, compiled.error().message});
      for (Problem problem : compiled.error().problems) {
        problem.pointer = place;
        problem.detail = "column " + std::to_string(problem.place->column) + " of \"" + problem.place->source + "\": " + problem.detail;
        problems.push_back(std::move(problem));
      }
    }
    made.sites_.push_back(std::move(site));
  });
  if (!problems.empty()) {
    std::string message = problems.front().detail;
    return Error{ErrorCode::kInvalid, std::move(message), std::move(problems)};
  }
  made.document_ = document;
  return made;
}

Result<Json> Template::FillSite(const Site& site, const Scope& scope, Budget& budget) {
  std::string text;
  for (const Piece& piece : site.pieces) {
    if (piece.expression == nullptr) {
      text += piece.literal;
      continue;
    }
    ORC_ASSIGN_OR_RETURN(const Value value, piece.expression->Evaluate(scope, budget));
    if (site.pieces.size() == 1) return ToJson(value, budget);
    ORC_ASSIGN_OR_RETURN(const std::string shown, ToText(value, budget));
    text += shown;
  }
  return TextJson(text);
}

Result<Json> Template::FillKnown(const Site& site, const KnownName& is_known, const Scope& scope, Budget& budget) {
  std::string done;
  size_t left = 0;   // pieces of `done`
  std::string text;  // since the last expression that stays: escaped as a whole, a `{{` may come of two values that meet
  for (const Piece& piece : site.pieces) {
    if (piece.expression == nullptr) {
      text += piece.literal;
    } else if (IsKnown(*piece.expression, is_known, true)) {
      ORC_ASSIGN_OR_RETURN(const Value value, piece.expression->Evaluate(scope, budget));
      if (site.pieces.size() == 1) {
        ORC_ASSIGN_OR_RETURN(Json json, ToJson(value, budget));
        EscapeOpens(json);
        return json;
      }
      ORC_ASSIGN_OR_RETURN(const std::string shown, ToText(value, budget));
      text += shown;
    } else {
      const bool has_odd_brace = (text.size() - (text.find_last_not_of('{') + 1)) % 2 != 0;
      if (has_odd_brace) text.pop_back();
      std::string source = piece.expression->source();
      if (IsKnown(*piece.expression, is_known, false)) {
        ORC_ASSIGN_OR_RETURN(source, piece.expression->Residual(is_known, scope, budget));
      }
      left += 1 + (text.empty() ? 0 : 1) + (has_odd_brace ? 1 : 0);
      done += EscapeBraces(std::exchange(text, {})) + (has_odd_brace ? kOneBrace : "") + AsPiece(source);
    }
  }
  // One that stands alone would keep its type: with texts beside it, be they empty, it is text.
  if (left == 1 && text.empty() && site.pieces.size() > 1) done += kNothing;
  done += EscapeBraces(std::move(text));
  return TextJson(done);
}

template <typename Filler>
Result<Json> Template::Fill(const Filler& fill) const {
  Json filled = document_;
  ExpressionLimits limits;
  limits.max_steps = kMaxSteps;
  limits.max_bytes = kMaxFilledBytes + kSlackBytes;
  Budget budget(limits);
  for (const Site& site : sites_) {
    Result<Json> value = fill(site, budget);
    if (!value.ok()) return AtSite(std::move(value).error(), site.pointer);
    *Walk(filled, site.where) = std::move(value).value();
  }
  return filled;
}

Result<Json> Template::Evaluate(const Scope& scope) const {
  return Fill([&](const Site& site, Budget& budget) { return FillSite(site, scope, budget); });
}

Result<Json> Template::EvaluateKnown(const KnownName& is_known, const Scope& scope) const {
  return Fill([&](const Site& site, Budget& budget) { return FillKnown(site, is_known, scope, budget); });
}

void Template::ForEachExpression(const std::function<void(const std::string&, const Expression&)>& visit) const {
  for (const Site& site : sites_) {
    for (const Piece& piece : site.pieces) {
      if (piece.expression != nullptr) visit(site.pointer, *piece.expression);
    }
  }
}

bool Template::Names(std::string_view variable) const {
  bool found = false;
  ForEachExpression([&](const std::string&, const Expression& expression) {
    expression.ForEachUse([&](const Expression::Use& use) { found = found || std::get<std::string>(use.path.front()) == variable; });
  });
  return found;
}

bool IsTemplated(const Json& value) {
  if (!value.is_string()) return false;
  const std::string_view text = View(value.get_string());
  for (size_t at = text.find(kOpenBraces); at != std::string_view::npos; at = text.find(kOpenBraces, at)) {
    if (!text.substr(at).starts_with(kEscapedBraces)) return true;
    at += kEscapedBraces.size();
  }
  return false;
}

}  // namespace orc
