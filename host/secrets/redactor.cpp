#include "secrets/redactor.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/utf8.h"

namespace orc {
namespace {

constexpr int kLayers = 2;

bool IsBase64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("+/-_").find(c) != std::string_view::npos;
}

/// Where the text ends without what shows that it was cut.
size_t EndBeforeCut(std::string_view text) {
  for (bool was_cut = true; was_cut;) {
    was_cut = false;
    for (const std::string_view mark :
         {std::string_view("…"), kReplacement, std::string_view("."), std::string_view(" "), std::string_view("\"")}) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      was_cut = true;
    }
  }
  return text.size();
}

std::vector<SecretForm> AllForms(const std::vector<Redactor::Secret>& secrets, std::vector<std::string>& names,
                                 std::vector<size_t>& owners) {
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

enum class Part : uint8_t { kAll, kBeginning, kEnd };

std::vector<std::string> TextsOf(const std::vector<SecretForm>& forms, Part part) {
  std::vector<std::string> texts;
  for (const SecretForm& form : forms) {
    const size_t from = part == Part::kEnd ? form.text.size() - Redactor::kLeastBytes : 0;
    texts.push_back(form.text.substr(from, part == Part::kBeginning ? Redactor::kLeastBytes : std::string::npos));
  }
  return texts;
}

}  // namespace

Redactor::Redactor(const std::vector<Secret>& secrets)
    : forms_(AllForms(secrets, names_, owners_)),
      search_(TextsOf(forms_, Part::kAll)),
      beginnings_(TextsOf(forms_, Part::kBeginning)),
      endings_(TextsOf(forms_, Part::kEnd)) {
  for (const Secret& secret : secrets) has_space_ = has_space_ || secret.value.find(' ') != std::string::npos;
  for (const SecretForm& form : forms_) longest_ = std::max(longest_, form.text.size());
}

std::span<const Encoding> Redactor::Encodings() const {
  static constexpr std::array kAll = {Encoding::kEscapes, Encoding::kPercent, Encoding::kPercentAndSpace};
  return std::span(kAll).first(has_space_ ? 3 : 2);
}

bool Redactor::Finds(std::string_view text) const { return IsIn(text, kLayers); }

bool Redactor::IsIn(std::string_view text, int layers) const {
  if (search_.IsIn(text)) return true;
  if (layers == 0) return false;
  return std::ranges::any_of(Encodings(), [&](Encoding encoding) {
    const auto decoded = Undo(encoding, text, false);
    return decoded && IsIn(decoded->text, layers - 1);
  });
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
  if (layers == 0) return;
  for (const Encoding encoding : Encodings()) {
    auto decoded = Undo(encoding, text, true);
    if (!decoded) continue;
    const std::string inner = std::move(decoded->text);
    const DecodedText whole = from != nullptr ? Joined(*from, *std::move(decoded)) : *std::move(decoded);
    Collect(inner, &whole, layers - 1, spans);
  }
}

void Redactor::CollectCut(std::string_view text, std::vector<Span>& spans) const {
  const size_t end = EndBeforeCut(text), most = std::min(longest_, end);
  beginnings_.ForEach(text.substr(end - most, most), [&](size_t form, size_t at) {
    const size_t begin = end - most + at;
    if (std::string_view(forms_[form].text).starts_with(text.substr(begin, end - begin))) spans.push_back({begin, end, owners_[form]});
    return true;
  });
  endings_.ForEach(text.substr(0, longest_), [&](size_t form, size_t at) {
    const size_t size = at + kLeastBytes;
    if (forms_[form].text.ends_with(text.substr(0, size))) spans.push_back({0, size, owners_[form]});
    return true;
  });
  for (size_t form = 0; end >= kLeastBytes && end < longest_ && form < forms_.size(); ++form) {
    if (forms_[form].text.find(text.substr(0, end)) != std::string::npos) spans.push_back({0, end, owners_[form]});
  }
}

std::string Redactor::Replaced(std::string text, std::vector<Span> spans) const {
  if (spans.empty()) return text;
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
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

std::string Redactor::InJson(std::string document) const {
  if (!IsIn(document, kLayers + 1)) return document;  // one layer is the document's own
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
