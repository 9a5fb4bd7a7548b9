#include "base/schema_faults.h"

#include <algorithm>
#include <unordered_set>

#include "base/nearest.h"
#include "base/schema_lint.h"
#include "base/schema_open.h"

namespace orc {
namespace {

bool Says(const Problem& problem, std::string_view words) { return problem.detail.find(words) != std::string::npos; }

/// "Failed to validate against schema associated with …": what reports that something inside failed.
bool IsAssociation(const Problem& problem) { return Says(problem, "Failed to validate"); }

/// What a list of problems holds, to be asked once for each of them: comparing each with each would let one body full of faults
/// keep a thread for hours.
class ProblemIndex {
 public:
  explicit ProblemIndex(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
      if (!IsAssociation(problem)) specific_.insert(problem.pointer);
      // Up to the first ancestor that is known, its own ancestors are known too.
      for (size_t end = problem.pointer.rfind('/'); end != std::string::npos;
           end = end == 0 ? end - 1 : problem.pointer.rfind('/', end - 1)) {
        if (!ancestors_.insert(problem.pointer.substr(0, end)).second) break;
      }
    }
  }
  /// Whether another problem says better what this one says.
  bool Wraps(const Problem& problem) const {
    return (ancestors_.count(problem.pointer) != 0 && !StandsAlone(problem)) ||
           (IsAssociation(problem) && specific_.count(problem.pointer) != 0);
  }

 private:
  std::unordered_set<std::string> ancestors_;
  std::unordered_set<std::string> specific_;
};

std::string Joined(const JsonArray& values) {
  constexpr size_t kShown = 30;
  std::string text;
  for (size_t i = 0; i < std::min(values.size(), kShown); ++i) text += (i == 0 ? "" : ", ") + DescribeValue(values[i]);
  return text + (values.size() > kShown ? ", …" : "");
}

/// valijson writes the figures of a schema with six decimals.
std::string WithoutTrailingZeros(std::string text) {
  const size_t point = text.rfind('.');
  if (point == std::string::npos || point + 1 == text.size() || text.find_first_not_of("0123456789", point + 1) != std::string::npos)
    return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

struct Wording {
  std::string_view theirs;
  std::string_view ours;
};
constexpr Wording kWordings[] = {{"String should be no fewer than 1 characters in length", "must not be empty"},
                                 {"String should be no fewer than ", "must have at least "},
                                 {"String should be no more than ", "must have at most "},
                                 {"Array should contain no fewer than 1 elements", "must not be empty"},
                                 {"Array should contain no fewer than ", "must have at least "},
                                 {"Array should contain no more than ", "must have at most "},
                                 {"Object should have no fewer than ", "must have at least "},
                                 {"Object should have no more than ", "must have at most "},
                                 {"Expected number less than or equal to ", "must be at most "},
                                 {"Expected number greater than or equal to ", "must be at least "},
                                 {"Expected number less than ", "must be less than "},
                                 {"Expected number greater than ", "must be more than "}};

std::string Reworded(std::string detail) {
  for (const Wording& wording : kWordings) {
    if (!detail.starts_with(wording.theirs)) continue;
    detail.replace(0, wording.theirs.size(), wording.ours);
    break;
  }
  if (const size_t tail = detail.find(" in length"); tail != std::string::npos) detail.erase(tail);
  return detail;
}

/// "query, url or body" when `part` asks for one of several fields and says no more; else "".
std::string OneOfNeeded(const Json* part) {
  const Json* branches = part == nullptr ? nullptr : Find(*part, "anyOf");
  if (branches == nullptr || !branches->is_array()) return {};
  std::vector<std::string> names;
  for (const Json& branch : branches->get_array()) {
    const Json* required = branch.is_object() ? Find(branch, "required") : nullptr;
    if (required == nullptr || !required->is_array() || required->get_array().size() != 1 || Find(branch, "properties") != nullptr)
      return {};
    const Json& name = required->get_array().front();
    if (!name.is_string()) return {};
    names.emplace_back(name.get_string());
  }
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

std::string UnknownFields(const Json* found, const Json* schema) {
  constexpr size_t kNamed = 5;
  const Json* properties = schema == nullptr ? nullptr : Find(*schema, "properties");
  if (found == nullptr || !found->is_object()) return "holds a field that is not known";
  std::vector<std::string> known;
  if (properties != nullptr && properties->is_object()) {
    for (const auto& member : properties->get_object()) known.emplace_back(member.key().data(), member.key().size());
  }
  std::string text;
  size_t count = 0;
  for (const auto& member : found->get_object()) {
    const std::string key(member.key().data(), member.key().size());
    if (properties != nullptr && Find(*properties, key) != nullptr) continue;
    if (++count > kNamed) continue;
    std::string shown;
    AppendJsonString(shown, key);
    text += (text.empty() ? "the field " : ", the field ") + shown + " is not known" + DidYouMean(key, known);
  }
  return count > kNamed ? text + ", and " + std::to_string(count - kNamed) + " more" : text;
}

/// Whether the missing field is one of several of which one is enough.
bool HasOwnWords(const Json* part, const Problem& problem) {
  const std::string name = QuotedIn(problem.detail);
  const std::string needed = OneOfNeeded(part);
  const Json* always = part == nullptr ? nullptr : Find(*part, "required");
  const bool is_always = always != nullptr && always->is_array() &&
                         std::any_of(always->get_array().begin(), always->get_array().end(),
                                     [&](const Json& one) { return one.is_string() && std::string_view(one.get_string()) == name; });
  return !needed.empty() && !is_always;
}

/// What was expected and what was found, in our words where valijson's say less.
std::string Sentence(const Json& schema, const Json& value, const Problem& problem) {
  const Json* found = ResolvePointer(value, problem.pointer);
  const Json* part = SubschemaAt(schema, problem.pointer);
  const std::string shown = ", found " + (found == nullptr ? std::string("nothing") : DescribeJson(*found));
  const Json* values = part == nullptr ? nullptr : Find(*part, "enum");
  if (Says(problem, "any enum values") && values != nullptr && values->is_array())
    return "must be one of " + Joined(values->get_array()) + shown;
  const Json* wanted = part == nullptr ? nullptr : Find(*part, "const");
  if (Says(problem, "set by 'const'") && wanted != nullptr) return "must be " + DescribeValue(*wanted) + shown;
  if (Says(problem, "Missing required property '") && HasOwnWords(part, problem)) return "one of " + OneOfNeeded(part) + " is required";
  if (Says(problem, "Missing required property '")) return "the required field \"" + QuotedIn(problem.detail) + "\" is missing";
  if (Says(problem, "Missing dependency '")) return "the field \"" + QuotedIn(problem.detail) + "\" is required beside the others";
  if (Says(problem, "Object contains a property")) return UnknownFields(found, part);
  if (Says(problem, "same element twice")) return problem.detail;
  const std::string_view expected = part == nullptr ? std::string_view() : StringAt(*part, "expected");
  if (Says(problem, "must match") && !expected.empty()) return "must be " + std::string(expected) + shown;
  if (Says(problem, "must ")) return problem.detail + shown;
  if (Says(problem, "anyOf") || Says(problem, "exactly one")) return "fits none of the allowed forms" + shown;
  std::string detail = problem.detail;
  while (!detail.empty() && detail.back() == '.') detail.pop_back();
  return Reworded(WithoutTrailingZeros(std::move(detail))) + shown;
}

}  // namespace

std::vector<Problem> TellFaults(const Json& schema, const Json& value, const std::vector<Problem>& found, std::string_view base,
                                JsonSchema::OpenValue is_open) {
  const ProblemIndex index(found);
  const OpenPlaces open(schema, value, is_open);
  std::vector<Problem> problems;
  std::unordered_set<std::string> told;
  for (const Problem& problem : found) {
    if (index.Wraps(problem) || open.MayMend(problem)) continue;
    std::string sentence = Sentence(schema, value, problem);
    if (told.insert(problem.pointer + "\n" + sentence).second)
      problems.push_back({std::string(base) + problem.pointer, std::move(sentence)});
  }
  return problems;
}

}  // namespace orc
