// Takes the values of secrets out of what is to be stored, shown or logged.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "secrets/decoded_text.h"
#include "secrets/pattern_search.h"
#include "secrets/secret_forms.h"

namespace orc {

/// Each value found, in any of its forms (secret_forms.h; percent-encoded or escaped as in JSON, up to two layers of that), becomes
/// `[secret NAME]`. Immutable, thread-safe. Texts without a value are given back as they are.
class Redactor {
 public:
  struct Secret {
    std::string name;
    std::string value;
  };
  /// A shorter one is found everywhere by chance: it is left out.
  static constexpr size_t kLeastBytes = PatternSearch::kLeastBytes;

  explicit Redactor(const std::vector<Secret>& secrets);

  bool Finds(std::string_view text) const;
  std::string InText(std::string text) const;
  /// Also of a value that was cut: at least kLeastBytes of its beginning at the end of the text, of its end at the beginning, or of what is
  /// inside as the whole text.
  std::string InCutText(std::string text) const;
  /// `document` is JSON and stays JSON: within strings and keys; a number that holds a value becomes a string.
  std::string InJson(std::string document) const;

 private:
  struct Span {
    size_t begin;
    size_t end;
    size_t secret;
  };
  void Collect(std::string_view text, const DecodedText* from, int layers, std::vector<Span>& spans) const;
  void CollectCut(std::string_view text, std::vector<Span>& spans) const;
  std::string Replaced(std::string text, std::vector<Span> spans) const;
  bool IsIn(std::string_view text, int layers) const;
  std::span<const Encoding> Encodings() const;
  void Redact(Json& value) const;
  void RedactObject(JsonObject& object) const;

  std::vector<std::string> names_;
  std::vector<size_t> owners_;     // of each form: index in names_
  std::vector<SecretForm> forms_;  // as search_ numbers them
  bool has_space_ = false;
  size_t longest_ = 0;  // form
  PatternSearch search_;
  PatternSearch beginnings_;  // the first kLeastBytes of each form
  PatternSearch endings_;     // the last
};

}  // namespace orc
