// Thousands of random schedules, the same ones each time. ORC_SIM_SEED plays one seed, ORC_SIM_RUNS says how many are played.
#include "unit/engine/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace orc::test {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(SimulationTest, EveryScheduleKeepsThePromises) {
  const bool single = std::getenv("ORC_SIM_SEED") != nullptr;
  const uint64_t first = FromEnvironment("ORC_SIM_SEED", 1);
  const uint64_t count = FromEnvironment("ORC_SIM_RUNS", single ? 1 : 3'000);
  std::cout << "first seed " << first << ", " << count << " schedules\n";
  std::map<RunStatus, uint64_t> ends;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    Simulation simulation(seed);
    const std::string broken = simulation.Play();
    ASSERT_TRUE(broken.empty()) << "ORC_SIM_SEED=" << seed << ": " << broken;
    ++ends[simulation.final_status()];
    if (single && count == 1) std::cout << simulation.Transcript();
  }
  if (count < 1'000) return;
  // A world in which runs only ever end one way would prove little.
  EXPECT_GT(ends[RunStatus::kSucceeded], count / 20);
  EXPECT_GT(ends[RunStatus::kFailed], count / 20);
  EXPECT_GT(ends[RunStatus::kCanceled], count / 20);
}

TEST(SimulationTest, TheSameSeedGivesTheSameHistory) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Simulation first(seed);
    Simulation second(seed);
    EXPECT_TRUE(first.Play().empty()) << seed;
    EXPECT_TRUE(second.Play().empty()) << seed;
    ASSERT_EQ(first.Transcript(), second.Transcript()) << seed;
    ASSERT_FALSE(first.Transcript().empty());
  }
}

}  // namespace
}  // namespace orc::test
