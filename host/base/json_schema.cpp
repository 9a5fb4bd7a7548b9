// The one place that includes valijson: it takes long to compile, and its traps are dealt with here and in the files named schema_*.
#define VALIJSON_USE_EXCEPTIONS 1
#include "base/json_schema.h"

#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/schema_constraints.h"
#include "base/schema_faults.h"
#include "base/schema_lint.h"

namespace orc {
namespace {

using valijson::adapters::BoostJsonAdapter;

/// ["<root>", "[steps]", "[0]"] as a JSON pointer.
std::string PointerOf(const std::vector<std::string>& context) {
  std::string pointer;
  for (size_t i = 1; i < context.size(); ++i) AppendPointer(pointer, std::string_view(context[i]).substr(1, context[i].size() - 2));
  return pointer;
}

class CompiledSchema final : public JsonSchema {
 public:
  explicit CompiledSchema(Json document) : document_(std::move(document)) {}

  Result<void> Build(std::string_view name) {
    try {
      valijson::SchemaParser parser;
      // The parser owns the builders and deletes them.
      parser.addConstraintBuilder(std::string(kPatternKeyword), new OwnBuilder<PatternConstraint>());
      parser.addConstraintBuilder(std::string(kUniqueKeyword), new OwnBuilder<UniqueConstraint>());
      parser.addConstraintBuilder(std::string(kTypeKeyword), new OwnBuilder<TypeConstraint>());
      parser.addConstraintBuilder(std::string(kMultipleKeyword), new OwnBuilder<MultipleConstraint>());
      parser.addConstraintBuilder(std::string(kCostKeyword), new OwnBuilder<CostConstraint>());
      parser.populateSchema(BoostJsonAdapter(document_), schema_);
      return {};
    } catch (const std::exception& failure) {
      return Error{ErrorCode::kInvalid, "the schema " + std::string(name) + " can't be used: " + failure.what()};
    }
  }

  std::vector<Problem> Validate(const Json& value, std::string_view base, OpenValue is_open) const override {
    valijson::ValidationResults results;
    std::string abandoned;
    if (Judge(value, results, abandoned) && abandoned.empty()) return {};
    std::vector<Problem> found;
    for (const auto& error : results) found.push_back({PointerOf(error.context), error.description});
    std::vector<Problem> problems = TellFaults(document_, value, found, base, is_open);
    if (!abandoned.empty()) problems.push_back({std::string(base), std::move(abandoned)});
    return problems;
  }

  std::vector<std::string> PropertyNames() const override {
    std::vector<std::string> names;
    const Json* top = SubschemaAt(document_, "");
    const Json* properties = top == nullptr ? nullptr : Find(*top, "properties");
    if (properties == nullptr || !properties->is_object()) return names;
    if (Find(*top, "additionalProperties") != nullptr || Find(*top, "patternProperties") != nullptr) return names;
    for (const auto& member : properties->get_object()) names.emplace_back(member.key().data(), member.key().size());
    return names;
  }

 private:
  /// valijson's judgement. `abandoned` says why when it did not come to an end.
  bool Judge(const Json& value, valijson::ValidationResults& results, std::string& abandoned) const {
    constexpr int64_t kBudget = 2'000'000;
    constexpr int64_t kBudgetPerValue = 32;
    const Json judged = NormalNumbers(value);
    check_budget.left = kBudget + kBudgetPerValue * static_cast<int64_t>(CountValues(judged));
    valijson::Validator validator;  // it keeps a cache: never shared
    try {
      return validator.validate(schema_, BoostJsonAdapter(judged), &results);
    } catch (const CheckBudget::Spent&) {
      abandoned = "can't be checked: the schema has too many branches for a value of this size";
    } catch (const CheckBudget::EnoughFaults&) {
      abandoned = kMoreFaults;
    } catch (const std::exception& failure) {
      abandoned = std::string("can't be checked: ") + failure.what();
    }
    return false;
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
