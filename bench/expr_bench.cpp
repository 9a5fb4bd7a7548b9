// What expressions cost: to compile and to evaluate. Google Benchmark; times are per expression.
#include <benchmark/benchmark.h>

#include "expr/expression.h"
#include "expr/value_json.h"

namespace orc {
namespace {

constexpr const char* kCondition = R"(size(context.items) > 3 && context.env == "prod")";
constexpr const char* kPath = R"(steps["call ai-router"].output.choices[0].message.content)";
constexpr const char* kMap = R"(context.items.map(i, {"id": i.id}))";

class BenchScope final : public Scope {
 public:
  BenchScope() {
    JsonArray items;
    for (int64_t i = 0; i < 1000; ++i) items.push_back(JsonObject{{"id", i}, {"name", "item"}, {"price", 1.5}});
    variables_["context"] = JsonObject{{"items", std::move(items)}, {"env", "prod"}};
    variables_["steps"] = ParseJson(R"({"call ai-router":{"output":{"choices":[{"message":{"content":"hello"}}]}}})").value();
  }
  Result<Found> Find(std::span<const PathPart> path) const override {
    return Found{Value::Of(variables_.at(std::get<std::string>(path.front()))), 1};
  }

 private:
  JsonObject variables_;
};

void Compile(benchmark::State& state, const char* source) {
  for (auto _ : state) benchmark::DoNotOptimize(Expression::Compile(source));
}

void Evaluate(benchmark::State& state, const char* source) {
  const BenchScope scope;
  const auto expression = Expression::Compile(source).value();
  for (auto _ : state) benchmark::DoNotOptimize(expression->Evaluate(scope));
}

BENCHMARK_CAPTURE(Compile, condition, kCondition);
BENCHMARK_CAPTURE(Compile, path, kPath);
BENCHMARK_CAPTURE(Evaluate, condition, kCondition);
BENCHMARK_CAPTURE(Evaluate, path, kPath);
BENCHMARK_CAPTURE(Evaluate, map_of_1000, kMap);

}  // namespace
}  // namespace orc

BENCHMARK_MAIN();
