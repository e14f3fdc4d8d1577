#include "harness/engine/calibration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace lockbench {
namespace {

TEST(FitRate, tells_calls_from_steps) {
  const auto rate = fit_rate({.steps = 64, .ns = 7 + 64 * 1.25}, {.steps = 1024, .ns = 7 + 1280});
  EXPECT_NEAR(rate.steps_per_ns, 0.8, 1e-12);
  EXPECT_NEAR(rate.call_ns, 7, 1e-9);
}

TEST(FitRate, calls_never_take_less_than_nothing) {
  const auto rate = fit_rate({.steps = 64, .ns = 60}, {.steps = 1024, .ns = 1024});
  EXPECT_EQ(rate.call_ns, 0);
  EXPECT_EQ(rate.steps_per_ns, 1);
}

TEST(FitRate, times_that_do_not_grow_still_give_a_rate) {
  const auto rate = fit_rate({.steps = 64, .ns = 3000}, {.steps = 1024, .ns = 2048});
  EXPECT_EQ(rate.call_ns, 0);
  EXPECT_EQ(rate.steps_per_ns, 0.5);
}

TEST(Checked, the_error_is_that_of_the_median_thread_and_the_worst_is_told_too) {
  const std::array<double, 3> times_ns{900, 1010, 1030};
  const auto calibration = checked({}, times_ns);
  EXPECT_NEAR(calibration.check_error, 0.01, 1e-12);
  EXPECT_NEAR(calibration.worst_check_error, -0.1, 1e-12);
}

/// Times of the middle of many runs of `amount_ns`, all done by thread 0 of the team.
double measured_ns(Team& team, double amount_ns, const WorkRate& rate) {
  using Clock = std::chrono::steady_clock;
  std::array<double, 101> times_ns{};
  team.run([&](std::uint32_t index) {
    if (index != 0) return;
    WorkSource work{amount_ns, Jitter::none, rate, Random{1}};
    constexpr int runs = 10;
    for (double& time_ns : times_ns) {
      const auto start = Clock::now();
      for (int run = 0; run < runs; ++run) work.run();
      time_ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / runs;
    }
  });
  std::nth_element(times_ns.begin(), times_ns.begin() + 50, times_ns.end());
  return times_ns[50];
}

/// Other programs and hypervisors change the clock rate between calibration and check, so only
/// being off every time counts.
bool ever(auto&& holds) {
  for (int attempt = 0; attempt < 50; ++attempt) {
    if (holds()) return true;
  }
  return false;
}

TEST(Calibration, a_microsecond_takes_a_microsecond) {
  Team team(1, {});
  EXPECT_TRUE(ever([&] {
    const auto calibration = calibrate(team);
    return std::fabs(measured_ns(team, 1000, calibration.rate) / 1000 - 1) < 0.05;
  }));
}

TEST(Calibration, short_and_long_work_takes_as_long_as_it_should) {
  Team team(1, {});
  for (const double amount_ns : {100.0, 10'000.0}) {
    EXPECT_TRUE(ever([&] {
      const auto calibration = calibrate(team);
      return std::fabs(measured_ns(team, amount_ns, calibration.rate) / amount_ns - 1) < 0.05;
    })) << amount_ns;
  }
}

TEST(Calibration, its_own_check_finds_it_right) {
  Team team(2, {});
  EXPECT_TRUE(ever([&] {
    const auto calibration = calibrate(team);
    EXPECT_GT(calibration.rate.steps_per_ns, 0);
    EXPECT_GE(calibration.rate.call_ns, 0);
    EXPECT_GE(std::fabs(calibration.worst_check_error), std::fabs(calibration.check_error) - 1e-12);
    return std::fabs(calibration.check_error) < 0.05;
  }));
}

TEST(Calibration, a_team_far_larger_than_the_machine_does_not_take_long) {
  Team team(64, {});
  const auto start = std::chrono::steady_clock::now();
  const auto calibration = calibrate(team);
  EXPECT_GT(calibration.rate.steps_per_ns, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace lockbench
