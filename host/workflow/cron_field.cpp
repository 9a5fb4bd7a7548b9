#include "workflow/cron_field.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

namespace orc {
namespace {

class FieldParser {
 public:
  FieldParser(std::string_view text, const CronFieldKind& kind) : text_(text), kind_(kind) {}

  Result<CronField> Parse() {
    CronField field;
    field.is_restricted = !text_.starts_with('*');
    std::string_view rest = text_;
    while (true) {
      const size_t comma = rest.find(',');
      ORC_ASSIGN_OR_RETURN(const uint64_t values, ParsePart(rest.substr(0, comma)));
      field.values |= values;
      if (comma == std::string_view::npos) return field;
      rest.remove_prefix(comma + 1);
    }
  }

 private:
  Error Fault(std::string_view part, const std::string& expected) const {
    const std::string where = part == text_ ? "" : " in \"" + std::string(text_) + "\"";
    return Error{ErrorCode::kInvalid,
                 "the " + std::string(kind_.name) + " field: found \"" + std::string(part) + "\"" + where + ", expected " + expected};
  }

  std::string Values() const {
    std::string text = std::to_string(kind_.least) + " to " + std::to_string(kind_.most);
    if (!kind_.words.empty()) text += " or " + std::string(kind_.words.front()) + " to " + std::string(kind_.words.back());
    return text;
  }

  static std::optional<int> Number(std::string_view text) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.size() > 6 || text.front() == '-' || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
      return std::nullopt;
    }
    return value;
  }

  /// A number or a name; nothing when it is neither, or out of range.
  std::optional<int> Value(std::string_view text) const {
    if (const auto number = Number(text)) return *number < kind_.least || *number > kind_.most ? std::nullopt : number;
    const auto same = [text](std::string_view word) {
      return std::equal(word.begin(), word.end(), text.begin(), text.end(),
                        [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
    };
    const auto found = std::find_if(kind_.words.begin(), kind_.words.end(), same);
    if (found == kind_.words.end()) return std::nullopt;
    return kind_.least + static_cast<int>(found - kind_.words.begin());
  }

  Result<uint64_t> ParsePart(std::string_view part) const {
    const size_t slash = part.find('/');
    const std::string_view range = part.substr(0, slash);
    int first = kind_.least;
    int last = kind_.is_weekday ? 6 : kind_.most;
    if (range != "*") ORC_RETURN_IF_ERROR(ParseRange(part, range, slash != std::string_view::npos, first, last));
    int step = 1;
    if (slash != std::string_view::npos) {
      const auto number = Number(part.substr(slash + 1));
      const int most_step = kind_.most - kind_.least;
      if (!number || *number < 1 || *number > most_step)
        return Fault(part, "a step from 1 to " + std::to_string(most_step) + " after the /");
      step = *number;
    }
    uint64_t values = 0;
    for (int value = first; value <= last; value += step) values |= uint64_t{1} << (kind_.is_weekday ? value % 7 : value);
    return values;
  }

  Result<void> ParseRange(std::string_view part, std::string_view range, bool has_step, int& first, int& last) const {
    const size_t dash = range.find('-');
    const auto begin = Value(range.substr(0, dash));
    if (!begin) return Fault(part, std::string(dash == std::string_view::npos ? "" : "a range of ") + Values());
    first = *begin;
    if (dash == std::string_view::npos) {
      if (!has_step) last = first;
      if (has_step && kind_.is_weekday && first == 7) first = 0;
      return {};
    }
    const auto end = Value(range.substr(dash + 1));
    if (!end) return Fault(part, "a range of " + Values());
    last = *end;
    if (kind_.is_weekday && first == 7) {
      first = 0;
      if (last == 7) last = 0;
    }
    if (kind_.is_weekday && last == 0 && first > 0) last = 7;  // FRI-SUN
    if (first > last) return Fault(part, "a range that goes up; write one that goes round as two: x-y,z");
    return {};
  }

  const std::string_view text_;
  const CronFieldKind& kind_;
};

}  // namespace

Result<CronField> ParseCronField(std::string_view text, const CronFieldKind& kind) { return FieldParser(text, kind).Parse(); }

}  // namespace orc
