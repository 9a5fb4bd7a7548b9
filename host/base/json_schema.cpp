// The one place that includes valijson: it takes long to compile, and its traps are dealt with here and in schema_lint.cpp.
#define VALIJSON_USE_EXCEPTIONS 1
#include "base/json_schema.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/nearest.h"
#include "base/schema_lint.h"

namespace orc {
namespace {

using valijson::adapters::Adapter;
using valijson::adapters::BoostJsonAdapter;

/// A constraint that valijson clones into memory of its own: the copying is the same for all of ours.
template <typename Self>
class OwnConstraint : public valijson::constraints::PolyConstraint {
 private:
  valijson::constraints::Constraint* cloneInto(void* place) const override { return new (place) Self(static_cast<const Self&>(*this)); }
  size_t sizeOf() const override { return sizeof(Self); }
};

/// `pattern`, in linear time.
class PatternConstraint final : public OwnConstraint<PatternConstraint> {
 public:
  explicit PatternConstraint(const std::string& pattern) : pattern_(std::make_shared<re2::RE2>(pattern, re2::RE2::Quiet)) {}
  bool validate(const Adapter& target, const std::vector<std::string>& context, valijson::ValidationResults* results) const override {
    std::string text;
    if (!target.isString() || !target.getString(text) || re2::RE2::PartialMatch(text, *pattern_)) return true;
    if (results != nullptr) results->pushError(context, "must match the pattern " + pattern_->pattern());
    return false;
  }

 private:
  std::shared_ptr<const re2::RE2> pattern_;
};

/// Text that is the same for equal values, whatever the order of their keys.
std::string Canonical(const Adapter& value) {
  std::string out;
  if (value.isArray()) {
    out += '[';
    value.applyToArray([&](const Adapter& element) {
      out += Canonical(element) + ',';
      return true;
    });
    return out + ']';
  }
  if (value.isObject()) {
    std::map<std::string, std::string> members;
    value.applyToObject([&](const std::string& key, const Adapter& member) {
      members[key] = Canonical(member);
      return true;
    });
    out += '{';
    for (const auto& [key, text] : members) {
      AppendJsonString(out, key);
      out += ':' + text + ',';
    }
    return out + '}';
  }
  if (value.isString()) {
    AppendJsonString(out, value.asString());
    return out;
  }
  if (value.isNumber()) return "n" + PrintJson(Json(value.asDouble()));
  return value.isBool() ? (value.getBool() ? "true" : "false") : "null";
}

/// `uniqueItems`, without comparing each with each.
class UniqueConstraint final : public OwnConstraint<UniqueConstraint> {
 public:
  bool validate(const Adapter& target, const std::vector<std::string>& context, valijson::ValidationResults* results) const override {
    if (!target.isArray()) return true;
    std::set<std::string> seen;
    size_t index = 0;
    size_t repeated = 0;
    const bool unique = target.applyToArray([&](const Adapter& element) {
      repeated = index++;
      return seen.insert(Canonical(element)).second;
    });
    if (!unique && results != nullptr)
      results->pushError(context, "must not hold the same element twice, but [" + std::to_string(repeated) + "] repeats an earlier one");
    return unique;
  }
};

class PatternBuilder final : public valijson::ConstraintBuilder {
 public:
  valijson::constraints::Constraint* make(const Adapter& pattern) const override { return new PatternConstraint(pattern.asString()); }
};

class UniqueBuilder final : public valijson::ConstraintBuilder {
 public:
  valijson::constraints::Constraint* make(const Adapter&) const override { return new UniqueConstraint(); }
};

/// ["<root>", "[steps]", "[0]"] as a JSON pointer.
std::string PointerOf(const std::vector<std::string>& context) {
  std::string pointer;
  for (size_t i = 1; i < context.size(); ++i) AppendPointer(pointer, std::string_view(context[i]).substr(1, context[i].size() - 2));
  return pointer;
}

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
  static bool IsAssociation(const Problem& problem) { return problem.detail.find("Failed to validate") != std::string::npos; }
  bool HasBelow(const std::string& pointer) const { return ancestors_.count(pointer) != 0; }
  /// A fault there that says more than "Failed to validate against schema …".
  bool HasSpecific(const std::string& pointer) const { return specific_.count(pointer) != 0; }

 private:
  std::unordered_set<std::string> ancestors_;
  std::unordered_set<std::string> specific_;
};

bool HoldsOpen(const Json& value, JsonSchema::OpenValue is_open) {
  if (is_open(value)) return true;
  if (value.is_array())
    return std::any_of(value.get_array().begin(), value.get_array().end(), [&](const Json& e) { return HoldsOpen(e, is_open); });
  if (!value.is_object()) return false;
  return std::any_of(value.get_object().begin(), value.get_object().end(), [&](const auto& m) { return HoldsOpen(m.value(), is_open); });
}

std::string TypesOf(const Json& types) {
  if (types.is_string()) return std::string(types.get_string().c_str());
  std::string text;
  for (const Json& type : types.get_array())
    text += (text.empty() ? "" : " or ") + std::string(StringAt(JsonObject{{"t", type}}, "t", "?"));
  return text;
}

std::string JoinValues(const JsonArray& values) {
  std::string text;
  for (const Json& value : values) text += (text.empty() ? "" : ", ") + PrintJson(value);
  return text;
}

class CompiledSchema final : public JsonSchema {
 public:
  explicit CompiledSchema(Json document) : document_(std::move(document)) {}

  Result<void> Build(std::string_view name) {
    try {
      valijson::SchemaParser parser;
      // The parser owns the builders and deletes them.
      parser.addConstraintBuilder(std::string(kPatternKeyword), new PatternBuilder());
      parser.addConstraintBuilder(std::string(kUniqueKeyword), new UniqueBuilder());
      parser.populateSchema(BoostJsonAdapter(document_), schema_);
      return {};
    } catch (const std::exception& failure) {
      return Error{ErrorCode::kInvalid, "the schema " + std::string(name) + " can't be used: " + failure.what()};
    }
  }

  std::vector<Problem> Validate(const Json& value, std::string_view base, OpenValue is_open) const override {
    valijson::Validator validator;  // it keeps a cache: never shared
    valijson::ValidationResults results;
    if (validator.validate(schema_, BoostJsonAdapter(value), &results)) return {};
    std::vector<Problem> found;
    for (const auto& error : results) found.push_back({PointerOf(error.context), error.description});
    const ProblemIndex index(found);
    std::vector<Problem> problems;
    std::unordered_set<std::string> told;
    for (const Problem& problem : found) {
      const bool wraps = (index.HasBelow(problem.pointer) && !StandsAlone(problem)) ||
                         (ProblemIndex::IsAssociation(problem) && index.HasSpecific(problem.pointer));
      if (wraps || (is_open != nullptr && IsOpen(value, problem, is_open))) continue;
      std::string sentence = Sentence(value, problem);
      if (told.insert(problem.pointer + "\n" + sentence).second)
        problems.push_back({std::string(base) + problem.pointer, std::move(sentence)});
    }
    return problems;
  }

  std::vector<std::string> PropertyNames() const override {
    std::vector<std::string> names;
    const Json* top = SubschemaAt(document_, "");
    const Json* properties = top == nullptr ? nullptr : Find(*top, "properties");
    if (properties == nullptr || !properties->is_object()) return names;
    for (const auto& member : properties->get_object()) names.emplace_back(member.key().data(), member.key().size());
    return names;
  }

 private:
  static bool Says(const Problem& problem, std::string_view words) { return problem.detail.find(words) != std::string::npos; }

  /// A fault of the value itself, also when there are others inside of it.
  static bool StandsAlone(const Problem& problem) {
    return Says(problem, "Missing required") || Says(problem, "Object contains a property") || Says(problem, "Missing dependency") ||
           Says(problem, "should contain no") || Says(problem, "should have no");
  }

  /// Whether what is at fault is not known before it is filled in.
  static bool IsOpen(const Json& value, const Problem& problem, OpenValue is_open) {
    for (size_t end = problem.pointer.size();; end = problem.pointer.rfind('/', end - 1)) {
      const Json* at = ResolvePointer(value, std::string_view(problem.pointer).substr(0, end));
      if (at != nullptr && is_open(*at)) return true;
      if (end == 0) break;
    }
    if (StandsAlone(problem)) return false;
    const Json* at = ResolvePointer(value, problem.pointer);
    return at != nullptr && !at->is_primitive() && HoldsOpen(*at, is_open);
  }

  /// What was expected and what was found, in our words where valijson's say less.
  std::string Sentence(const Json& value, const Problem& problem) const {
    const Json* found = ResolvePointer(value, problem.pointer);
    const Json* schema = SubschemaAt(document_, problem.pointer);
    const std::string shown = found == nullptr ? "nothing" : DescribeJson(*found);
    const Json* types = schema == nullptr ? nullptr : Find(*schema, "type");
    if (Says(problem, "'type' constraint") && types != nullptr) return "must be of type " + TypesOf(*types) + ", found " + shown;
    const Json* values = schema == nullptr ? nullptr : Find(*schema, "enum");
    if (Says(problem, "any enum values") && values != nullptr && values->is_array())
      return "must be one of " + JoinValues(values->get_array()) + ", found " + shown;
    if (Says(problem, "Missing required property '")) return "the required field \"" + Quoted(problem.detail) + "\" is missing";
    if (Says(problem, "Object contains a property")) return UnknownProperties(found, schema);
    if (Says(problem, "must ")) return problem.detail + (Says(problem, "twice") ? "" : ", found " + shown);
    if (Says(problem, "anyOf") || Says(problem, "exactly one")) return "fits none of the allowed forms, found " + shown;
    std::string detail = problem.detail;
    while (!detail.empty() && detail.back() == '.') detail.pop_back();
    return detail + ", found " + shown;
  }

  static std::string Quoted(const std::string& detail) {
    const size_t begin = detail.find('\'');
    return detail.substr(begin + 1, detail.rfind('\'') - begin - 1);
  }

  static std::string UnknownProperties(const Json* found, const Json* schema) {
    std::vector<std::string> known;
    const Json* properties = schema == nullptr ? nullptr : Find(*schema, "properties");
    if (properties != nullptr && properties->is_object()) {
      for (const auto& member : properties->get_object()) known.emplace_back(member.key().data(), member.key().size());
    }
    std::string text;
    if (found == nullptr || !found->is_object()) return "holds a field that is not known";
    for (const auto& member : found->get_object()) {
      const std::string key(member.key().data(), member.key().size());
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      text += (text.empty() ? "the field " : ", the field ") + ("\"" + key + "\" is not known") + DidYouMean(key, known);
    }
    return text;
  }

  const Json document_;
  valijson::Schema schema_;
};

}  // namespace

Result<std::shared_ptr<const JsonSchema>> JsonSchema::Compile(std::string_view name, const Json& schema, std::string_view resolve_dir) {
  ORC_ASSIGN_OR_RETURN(Json prepared, PrepareSchema(name, schema, resolve_dir));
  auto compiled = std::make_shared<CompiledSchema>(std::move(prepared));
  ORC_RETURN_IF_ERROR(compiled->Build(name));
  return std::shared_ptr<const JsonSchema>(std::move(compiled));
}

}  // namespace orc
