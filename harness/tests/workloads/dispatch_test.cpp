#include "harness/workloads/dispatch.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "harness/base/errors.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

const std::map<std::string, std::string> baselines{{"raw_fifo", "boost_lockfree"}};

std::string baseline_of(std::string_view workload) {
  const auto other = baselines.find(std::string(workload));
  return other == baselines.end() ? "mutex" : other->second;
}

TEST(CompiledCases, the_baseline_of_every_workload_has_a_twin_with_code_of_its_own) {
  for (const auto& workload : workload_catalogue()) {
    const auto name = baseline_of(workload.name);
    const auto& original = compiled_case(workload.name, {name, false});
    const auto& twin = compiled_case(workload.name, {name, true});
    EXPECT_EQ(twin.strategy.name, name);
    EXPECT_EQ(twin.has_critical_section, original.has_critical_section);
    EXPECT_NE(twin.window, original.window) << workload.name;
  }
}

TEST(CompiledCases, no_other_strategy_has_a_twin) {
  EXPECT_THROW((void)compiled_case("mixed", {"rwlock", true}), Error);
  EXPECT_THROW((void)compiled_case("raw_fifo", {"moodycamel", true}), Error);
}

TEST(CompiledCases, a_workload_has_no_case_of_a_strategy_that_cannot_do_it) {
  EXPECT_THROW((void)compiled_case("raw_fifo", {"mutex", false}), Error);
  EXPECT_THROW((void)compiled_case("mixed", {"no_such_strategy", false}), Error);
}

}  // namespace
}  // namespace lockbench
