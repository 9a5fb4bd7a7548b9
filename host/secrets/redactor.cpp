#include "secrets/redactor.h"

#include <algorithm>
#include <cctype>

#include "base/utf8.h"

namespace orc {
namespace {

constexpr int kLayers = 2;

bool IsBase64(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("+/-_").find(c) != std::string_view::npos; }

/// Where the text ends without what shows that it was cut.
size_t EndBeforeCut(std::string_view text) {
  for (bool was_cut = true; was_cut;) {
    was_cut = false;
    for (const std::string_view mark : {std::string_view("…"), kReplacement, std::string_view("."), std::string_view(" "), std::string_view("\"")}) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      was_cut = true;
    }
  }
  return text.size();
}

std::vector<SecretForm> AllForms(const std::vector<Redactor::Secret>& secrets, std::vector<std::string>& names, std::vector<size_t>& owners) {
  std::vector<SecretForm> all;
  for (const Redactor::Secret& secret : secrets) {
    if (secret.value.size() < Redactor::kLeastBytes) continue;
    for (SecretForm& form : FormsOf(secret.value)) {
      all.push_back(std::move(form));
      owners.push_back(names.size());
    }
    names.push_back(secret.name);
  }
  return all;
}

std::vector<std::string> TextsOf(const std::vector<SecretForm>& forms) {
  std::vector<std::string> texts;
  for (const SecretForm& form : forms) texts.push_back(form.text);
  return texts;
}

}  // namespace

Redactor::Redactor(const std::vector<Secret>& secrets) : forms_(AllForms(secrets, names_, owners_)), search_(TextsOf(forms_)) {
  for (const Secret& secret : secrets) has_space_ = has_space_ || secret.value.find(' ') != std::string::npos;
}

bool Redactor::HoldsEncoding(std::string_view text) const { return text.find_first_of(has_space_ ? "\\%+" : "\\%") != std::string_view::npos; }

bool Redactor::Finds(std::string_view text) const { return IsIn(text, kLayers); }

bool Redactor::IsIn(std::string_view text, int layers) const {
  std::vector<Span> spans;
  Collect(text, nullptr, layers, spans);
  return !spans.empty();
}

void Redactor::Collect(std::string_view text, const DecodedText* from, int layers, std::vector<Span>& spans) const {
  search_.ForEach(text, [&](size_t form, size_t begin) {
    size_t end = begin + forms_[form].text.size();
    if (forms_[form].reaches_before && begin > 0 && IsBase64(text[begin - 1])) --begin;
    if (forms_[form].reaches_behind && end < text.size() && IsBase64(text[end])) ++end;
    if (from != nullptr) {
      spans.push_back({from->SourceBegin(begin), from->SourceEnd(end), owners_[form]});
    } else {
      spans.push_back({begin, end, owners_[form]});
    }
    return true;
  });
  if (layers > 0 && HoldsEncoding(text)) CollectDecoded(text, from, layers - 1, spans);
}

void Redactor::CollectDecoded(std::string_view text, const DecodedText* from, int layers, std::vector<Span>& spans) const {
  const auto look = [&](std::optional<DecodedText> decoded) {
    if (!decoded) return;
    const std::string inner = decoded->text;
    const DecodedText whole = from != nullptr ? Joined(*from, *std::move(decoded)) : *std::move(decoded);
    Collect(inner, &whole, layers, spans);
  };
  look(UndoEscapes(text));
  look(UndoPercent(text, false));
  if (has_space_) look(UndoPercent(text, true));
}

void Redactor::CollectCut(std::string_view text, std::vector<Span>& spans) const {
  const size_t end = EndBeforeCut(text);
  for (size_t form = 0; form < forms_.size(); ++form) {
    const std::string_view pattern = forms_[form].text;
    const size_t most = std::min(pattern.size() - 1, end);
    for (size_t size = most; size >= kLeastBytes; --size) {
      if (text.substr(end - size, size) == pattern.substr(0, size)) spans.push_back({end - size, end, owners_[form]});
      if (text.substr(0, size) == pattern.substr(pattern.size() - size)) spans.push_back({0, size, owners_[form]});
    }
  }
}

std::string Redactor::Replaced(std::string text, std::vector<Span> spans) const {
  if (spans.empty()) return text;
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  std::string out;
  size_t done = 0;
  for (size_t i = 0; i < spans.size();) {
    // Those that overlap are one: what lies under any of them goes.
    size_t end = spans[i].end, next = i + 1;
    for (; next < spans.size() && spans[next].begin < end; ++next) end = std::max(end, spans[next].end);
    out.append(text, done, spans[i].begin - done).append("[secret " + names_[spans[i].secret] + "]");
    done = end;
    i = next;
  }
  return out.append(text, done);
}

std::string Redactor::InText(std::string text) const {
  std::vector<Span> spans;
  Collect(text, nullptr, kLayers, spans);
  return Replaced(std::move(text), std::move(spans));
}

std::string Redactor::InCutText(std::string text) const {
  std::vector<Span> spans;
  Collect(text, nullptr, kLayers, spans);
  CollectCut(text, spans);
  return Replaced(std::move(text), std::move(spans));
}

bool Redactor::IsInStrings(std::string_view document) const {
  for (size_t at = document.find('"'); at != std::string_view::npos; at = document.find('"', at)) {
    const size_t begin = ++at;
    while (at < document.size() && document[at] != '"') at += document[at] == '\\' ? 2 : 1;
    const std::string_view text = document.substr(begin, std::min(at, document.size()) - begin);
    if (HoldsEncoding(text) && IsIn(text, kLayers + 1)) return true;
    if (at++ >= document.size()) break;
  }
  return false;
}

std::string Redactor::InJson(std::string document) const {
  const bool is_in = search_.IsIn(document) || (HoldsEncoding(document) && IsInStrings(document));
  if (!is_in) return document;
  Result<Json> parsed = ParseJson(document);
  if (!parsed.ok()) return InText(std::move(document));
  Redact(*parsed);
  return PrintJson(*parsed);
}

void Redactor::Redact(Json& value) const {
  if (value.is_object()) return RedactObject(value.get_object());
  if (value.is_array()) {
    for (Json& element : value.get_array()) Redact(element);
  } else if (value.is_string()) {
    std::string text(value.get_string());
    std::vector<Span> spans;
    Collect(text, nullptr, kLayers, spans);
    if (!spans.empty()) value = boost::json::string(Replaced(std::move(text), std::move(spans)));
  } else if (value.is_number() && search_.IsIn(PrintJson(value))) {
    value = boost::json::string(InText(PrintJson(value)));
  }
}

void Redactor::RedactObject(JsonObject& object) const {
  bool has_key = false;
  for (auto& member : object) {
    Redact(member.value());
    has_key = has_key || Finds(member.key());
  }
  if (!has_key) return;
  JsonObject renamed;
  for (auto& member : object) renamed[InText(std::string(member.key()))] = std::move(member.value());
  object = std::move(renamed);
}

}  // namespace orc
