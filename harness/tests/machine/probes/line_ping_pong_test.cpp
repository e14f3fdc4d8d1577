#include "harness/machine/probes/line_ping_pong.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "harness/machine/probes/timing.hpp"

namespace lockbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = LinePingPong::Clock;

TEST(LinePingPong, two_threads_measure_a_round_trip) {
  LinePingPong exchange(seconds(20));
  bool returned = false;
  std::jthread partner([&] { returned = exchange.pong(100); });
  const auto roundtrip_ns = exchange.ping(100);
  partner.join();
  ASSERT_TRUE(roundtrip_ns.has_value());
  EXPECT_GT(*roundtrip_ns, 0);
  EXPECT_TRUE(returned);
}

TEST(LinePingPong, any_number_of_rounds_ends_on_both_sides) {
  for (const std::uint32_t rounds : {0U, 1U, 3U, 7U, 8U, 9U, 17U}) {
    LinePingPong exchange(seconds(20));
    bool returned = false;
    std::jthread partner([&] { returned = exchange.pong(rounds); });
    EXPECT_TRUE(exchange.ping(rounds).has_value()) << rounds;
    partner.join();
    EXPECT_TRUE(returned) << rounds;
  }
}

TEST(LinePingPong, a_side_without_a_partner_gives_up_at_the_limit) {
  const auto start = Clock::now();
  LinePingPong lonely_ping(milliseconds(5));
  EXPECT_EQ(lonely_ping.ping(10), std::nullopt);
  LinePingPong lonely_pong(milliseconds(5));
  EXPECT_FALSE(lonely_pong.pong(10));
  EXPECT_GE(Clock::now() - start, milliseconds(10));
}

TEST(LinePingPong, a_side_that_gave_up_frees_its_partner) {
  LinePingPong exchange(milliseconds(5));
  EXPECT_FALSE(exchange.pong(10));
  EXPECT_EQ(exchange.ping(10), std::nullopt);
}

TEST(LinePingPong, after_a_reset_it_can_be_played_again) {
  LinePingPong exchange(milliseconds(5));
  EXPECT_FALSE(exchange.pong(10));
  LinePingPong again(seconds(20));
  for (int game = 0; game < 3; ++game) {
    again.reset();
    std::jthread partner([&] { EXPECT_TRUE(again.pong(20)); });
    EXPECT_TRUE(again.ping(20).has_value());
  }
}

TEST(SpinLoop, different_starts_stay_different) {
  EXPECT_NE(run_spin_loop(1), run_spin_loop(2));
  EXPECT_EQ(run_spin_loop(1), run_spin_loop(1));
}

TEST(SpinLoop, the_work_is_not_optimised_away) {
  // Two dependent operations a step take at least half a nanosecond on any CPU of this decade.
  EXPECT_GT(spin_loop_ns(), 0.5 * spin_loop_steps);
}

}  // namespace
}  // namespace lockbench
