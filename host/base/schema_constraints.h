// Constraints of our own in place of valijson's where those are slow, wrong or unsafe. Included by json_schema.cpp only.
#pragma once

#include <re2/re2.h>

#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <vector>

#include "base/json.h"
#include "base/schema_keywords.h"

namespace orc {

using valijson::adapters::Adapter;

/// A constraint that valijson clones into memory of its own: the copying is the same for all of ours. `Self` says what is wrong with
/// a value in Fault(target), or "".
template <typename Self>
class OwnConstraint : public valijson::constraints::PolyConstraint {
 public:
  bool validate(const Adapter& target, const std::vector<std::string>& context, valijson::ValidationResults* results) const override {
    const std::string fault = static_cast<const Self&>(*this).Fault(target);
    if (!fault.empty() && results != nullptr) results->pushError(context, fault);
    return fault.empty();
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* place) const override { return new (place) Self(static_cast<const Self&>(*this)); }
  size_t sizeOf() const override { return sizeof(Self); }
};

/// `pattern`, in linear time.
class PatternConstraint final : public OwnConstraint<PatternConstraint> {
 public:
  explicit PatternConstraint(const Adapter& pattern) : pattern_(std::make_shared<re2::RE2>(pattern.asString(), PatternOptions())) {}
  std::string Fault(const Adapter& target) const {
    std::string text;
    if (!target.isString() || !target.getString(text) || re2::RE2::PartialMatch(text, *pattern_)) return {};
    return "must match the pattern " + pattern_->pattern();
  }

 private:
  std::shared_ptr<const re2::RE2> pattern_;
};

/// `type`, where every number without a fraction is an integer.
class TypeConstraint final : public OwnConstraint<TypeConstraint> {
 public:
  explicit TypeConstraint(const Adapter& types) {
    if (types.isString()) {
      types_.push_back(types.asString());
    } else {
      types.applyToArray([&](const Adapter& type) {
        types_.push_back(type.asString());
        return true;
      });
    }
  }
  std::string Fault(const Adapter& target) const {
    std::string wanted;
    for (const std::string& type : types_) {
      if (Is(target, type)) return {};
      wanted += (wanted.empty() ? "" : " or ") + type;
    }
    return "must be of type " + wanted;
  }

 private:
  static bool Is(const Adapter& target, const std::string& type) {
    if (type == "string") return target.isString();
    if (type == "object") return target.isObject();
    if (type == "array") return target.isArray();
    if (type == "boolean") return target.isBool();
    if (type == "null") return target.isNull();
    if (type == "number") return target.isNumber();
    return target.isInteger() || (target.isDouble() && std::trunc(target.asDouble()) == target.asDouble());
  }
  std::vector<std::string> types_;
};

/// `multipleOf`, forgiving what binary fractions can't hold.
class MultipleConstraint final : public OwnConstraint<MultipleConstraint> {
 public:
  explicit MultipleConstraint(const Adapter& divisor)
      : integer_(divisor.isInteger() ? divisor.asInteger() : 0),
        number_(divisor.isInteger() ? static_cast<double>(integer_) : divisor.asDouble()) {}
  std::string Fault(const Adapter& target) const {
    if (!target.isNumber()) return {};
    if (integer_ != 0 && target.isInteger()) return target.asInteger() % integer_ == 0 ? "" : Wanted();
    const double times = (target.isInteger() ? static_cast<double>(target.asInteger()) : target.asDouble()) / number_;
    constexpr double kTolerance = 1e-9;
    const bool fits = std::isfinite(times) && std::abs(times - std::round(times)) <= kTolerance * std::max(1.0, std::abs(times) * 1e-3);
    return fits ? "" : Wanted();
  }

 private:
  std::string Wanted() const { return "must be a multiple of " + PrintJson(integer_ != 0 ? Json(integer_) : Json(number_)); }
  int64_t integer_;
  double number_;
};

/// Text that is the same for equal values, whatever the order of their keys.
inline std::string Canonical(const Adapter& value) {
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
  if (value.isInteger()) return std::to_string(value.asInteger());
  if (value.isDouble()) return PrintJson(Json(value.asDouble()));
  return value.isBool() ? (value.getBool() ? "true" : "false") : "null";
}

/// `uniqueItems`, without comparing each with each.
class UniqueConstraint final : public OwnConstraint<UniqueConstraint> {
 public:
  explicit UniqueConstraint(const Adapter&) {}
  std::string Fault(const Adapter& target) const {
    if (!target.isArray()) return {};
    std::set<std::string> seen;
    size_t index = 0;
    size_t repeated = 0;
    const bool unique = target.applyToArray([&](const Adapter& element) {
      repeated = index++;
      return seen.insert(Canonical(element)).second;
    });
    return unique ? "" : "must not hold the same element twice, but [" + std::to_string(repeated) + "] repeats an earlier one";
  }
};

/// What one check may cost; a new one begins with each Validate.
struct CheckBudget {
  int64_t left = 0;
  struct Spent {};         // thrown: the check has cost too much
  struct EnoughFaults {};  // thrown: nobody reads more
};
inline thread_local CheckBudget check_budget;

/// Counts what a schema's visits cost. valijson follows every branch to its end: a schema of a few references can keep it busy for
/// years, and a document of a megabyte make it write gigabytes of faults.
class CostConstraint final : public valijson::constraints::PolyConstraint {
 public:
  explicit CostConstraint(const Adapter& costs) {
    int64_t* next = &own_;
    costs.applyToArray([&](const Adapter& cost) {
      *std::exchange(next, &for_each_child_) = cost.asInteger();
      return true;
    });
  }
  bool validate(const Adapter& target, const std::vector<std::string>&, valijson::ValidationResults* results) const override {
    constexpr size_t kMaxFaults = 4'000;
    if (results != nullptr && results->numErrors() > kMaxFaults) throw CheckBudget::EnoughFaults();
    const size_t children = target.isArray() ? target.getArraySize() : target.isObject() ? target.getObjectSize() : 0;
    check_budget.left -= own_ + for_each_child_ * static_cast<int64_t>(children);
    if (check_budget.left < 0) throw CheckBudget::Spent();
    return true;
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* place) const override { return new (place) CostConstraint(*this); }
  size_t sizeOf() const override { return sizeof(CostConstraint); }
  int64_t own_ = 1;
  int64_t for_each_child_ = 1;
};

template <typename Constraint>
class OwnBuilder final : public valijson::ConstraintBuilder {
 public:
  valijson::constraints::Constraint* make(const Adapter& value) const override { return new Constraint(value); }
};

}  // namespace orc
