#include "harness/metrics/flags.hpp"

#include <gtest/gtest.h>

namespace lockbench {
namespace {

/// Two threads with a CPU each, 20 ms, everything as it should be.
WindowFacts quiet_window() {
  return {.threads = 2,
          .oversubscribed = false,
          .duration_s = 0.02,
          .overlap = 0.99,
          .takes = 1000,
          .empty_takes = 0,
          .adds = 1000,
          .full_adds = 0,
          .run_queue_wait_s = 0,
          .others_share = 0,
          .steal_share = 0,
          .spin_loop_before_ns = 1400,
          .spin_loop_after_ns = 1410,
          .line_roundtrip_before_ns = 100,
          .line_roundtrip_after_ns = 110,
          .longest_gap_s = 0.001};
}

std::string flags(const WindowFacts& facts) {
  return join(flags_of(facts));
}

TEST(Flags, a_quiet_window_has_none) {
  EXPECT_EQ(flags(quiet_window()), "");
}

TEST(Flags, what_is_not_known_never_flags) {
  EXPECT_EQ(flags(WindowFacts{}), "");
}

TEST(Flags, more_than_a_tenth_of_takes_that_found_nothing_is_drained) {
  WindowFacts facts = quiet_window();
  facts.takes = 900;
  facts.empty_takes = 100;
  EXPECT_EQ(flags(facts), "");
  facts.empty_takes = 101;
  EXPECT_EQ(flags(facts), "drained");
  facts.takes = 0;
  facts.empty_takes = 0;
  EXPECT_EQ(flags(facts), "") << "nobody tried";
}

TEST(Flags, more_than_a_tenth_of_adds_refused_is_overfull) {
  WindowFacts facts = quiet_window();
  facts.adds = 900;
  facts.full_adds = 100;
  EXPECT_EQ(flags(facts), "");
  facts.full_adds = 101;
  EXPECT_EQ(flags(facts), "overfull");
}

TEST(Flags, waiting_for_a_cpu_is_outside_load_where_every_thread_has_one) {
  WindowFacts facts = quiet_window();
  facts.run_queue_wait_s = 0.0007;  // of 2 x 20 ms: 1.75 %
  EXPECT_EQ(flags(facts), "");
  facts.run_queue_wait_s = 0.0009;
  EXPECT_EQ(flags(facts), "outside_load");
  facts.threads = 4;
  EXPECT_EQ(flags(facts), "") << "of 4 x 20 ms it is 1.1 %";
}

TEST(Flags, threads_that_outnumber_the_cpus_wait_for_each_other) {
  WindowFacts facts = quiet_window();
  facts.run_queue_wait_s = 0.02;
  facts.oversubscribed = true;
  EXPECT_EQ(flags(facts), "");
  facts.oversubscribed = std::nullopt;
  EXPECT_EQ(flags(facts), "") << "not known to have a CPU each";
}

TEST(Flags, others_on_the_machine_are_outside_load_whoever_waits) {
  WindowFacts facts = quiet_window();
  facts.oversubscribed = true;
  facts.others_share = 0.05;
  EXPECT_EQ(flags(facts), "");
  facts.others_share = 0.051;
  EXPECT_EQ(flags(facts), "outside_load");
}

TEST(Flags, time_given_to_other_guests_is_stolen) {
  WindowFacts facts = quiet_window();
  facts.steal_share = 0.02;
  EXPECT_EQ(flags(facts), "");
  facts.steal_share = 0.03;
  EXPECT_EQ(flags(facts), "stolen");
}

TEST(Flags, a_loop_that_takes_longer_or_shorter_afterwards_is_a_changed_speed) {
  WindowFacts facts = quiet_window();
  facts.spin_loop_after_ns = 1500;
  EXPECT_EQ(flags(facts), "");
  facts.spin_loop_after_ns = 1600;
  EXPECT_EQ(flags(facts), "speed_changed");
  std::swap(facts.spin_loop_before_ns, facts.spin_loop_after_ns);
  EXPECT_EQ(flags(facts), "speed_changed");
  facts.spin_loop_before_ns = std::nullopt;
  EXPECT_EQ(flags(facts), "");
}

TEST(Flags, a_line_that_travels_another_distance_afterwards_is_a_changed_regime) {
  WindowFacts facts = quiet_window();
  facts.line_roundtrip_after_ns = 160;
  EXPECT_EQ(flags(facts), "");
  facts.line_roundtrip_after_ns = 520;
  EXPECT_EQ(flags(facts), "regime_changed");
  facts.line_roundtrip_after_ns = 48;
  EXPECT_EQ(flags(facts), "regime_changed");
  facts.line_roundtrip_after_ns = 0;
  EXPECT_EQ(flags(facts), "") << "no round trip takes no time";
}

TEST(Flags, a_gap_of_half_the_window_is_stalled_only_if_all_threads_were_there) {
  WindowFacts facts = quiet_window();
  facts.longest_gap_s = 0.01;
  EXPECT_EQ(flags(facts), "");
  facts.longest_gap_s = 0.011;
  EXPECT_EQ(flags(facts), "stalled");
  facts.overlap = 0.89;
  EXPECT_EQ(flags(facts), "") << "the overlap says it already";
  facts.overlap = std::nullopt;
  EXPECT_EQ(flags(facts), "");
}

TEST(Flags, a_team_on_cpus_of_several_kinds_says_so) {
  WindowFacts facts = quiet_window();
  facts.cpu_kinds = 2;
  EXPECT_EQ(flags(facts), "mixed_cpu_kinds");
}

TEST(Flags, several_stand_in_one_cell_in_a_fixed_order) {
  WindowFacts facts = quiet_window();
  facts.steal_share = 0.5;
  facts.longest_gap_s = 0.02;
  facts.empty_takes = 9000;
  EXPECT_EQ(flags(facts), "drained;stolen;stalled");
}

}  // namespace
}  // namespace lockbench
