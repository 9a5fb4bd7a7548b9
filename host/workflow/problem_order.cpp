#include "workflow/problem_order.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/json_schema.h"
#include "base/utf8.h"
#include "workflow/limits.h"

namespace orc {
namespace {

constexpr size_t kMaxDetailBytes = 500;                          // a name of a megabyte is not said again
constexpr size_t kNowhere = std::numeric_limits<size_t>::max();  // what is not in the document comes last

struct Placed {
  std::vector<size_t> place;  // of each member on the way: the how manieth it is
  Problem problem;
};

std::string Unescaped(std::string_view token) {
  std::string text;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    text += !escape ? token[i] : token[i + 1] == '1' ? '/' : '~';
    if (escape) ++i;
  }
  return text;
}

/// Steps into the member that `token` names and says the how manieth it is; `at` becomes null when there is none.
size_t Descend(const Json*& at, std::string_view token) {
  const Json& value = *at;
  at = nullptr;
  if (value.is_object()) {
    const JsonObject& object = value.get_object();
    const auto* found = object.find(Unescaped(token));
    if (found == object.end()) return kNowhere;
    at = &found->value();
    return static_cast<size_t>(found - object.begin());
  }
  size_t index = kNowhere;
  if (!value.is_array()) return index;
  std::from_chars(token.data(), token.data() + token.size(), index);
  at = value.get_array().if_contains(index);
  return at == nullptr ? kNowhere : index;
}

std::vector<size_t> PlaceOf(const Json& document, std::string_view pointer) {
  std::vector<size_t> place;
  const Json* at = &document;
  while (at != nullptr && !pointer.empty()) {
    const size_t end = std::min(pointer.find('/', 1), pointer.size());
    place.push_back(Descend(at, pointer.substr(1, end - 1)));
    pointer.remove_prefix(end);
  }
  return place;
}

}  // namespace

void SortByPlace(const Json& document, std::vector<Problem>& problems) {
  std::vector<Placed> placed;
  placed.reserve(problems.size());
  for (Problem& problem : problems) placed.push_back({PlaceOf(document, problem.pointer), std::move(problem)});
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
  problems.clear();
  for (Placed& one : placed) problems.push_back(std::move(one.problem));
}

void CapProblems(std::vector<Problem>& problems) {
  for (Problem& problem : problems) problem.detail = Shortened(std::move(problem.detail), kMaxDetailBytes);
  const bool gave_up = std::erase_if(problems, [](const Problem& problem) { return problem.detail == JsonSchema::kMoreFaults; }) > 0;
  if (problems.size() > kMaxProblems) {
    const size_t left_out = problems.size() - kMaxProblems;
    problems.resize(kMaxProblems);
    problems.push_back({"", (gave_up ? "at least " : "") + std::to_string(left_out) + " more problems are not listed"});
  } else if (gave_up) {
    problems.push_back({"", std::string(JsonSchema::kMoreFaults)});
  }
}

}  // namespace orc
