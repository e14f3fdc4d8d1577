#include "harness/processes/allowance.hpp"

#include <gtest/gtest.h>

namespace lockbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Allowance, is_used_up_by_time_without_progress) {
  Allowance allowance(1);
  for (int look = 0; look < 5; ++look) allowance.look(milliseconds(200), false);
  EXPECT_FALSE(allowance.is_used_up());
  allowance.look(milliseconds(1), false);
  EXPECT_TRUE(allowance.is_used_up());
}

TEST(Allowance, starts_anew_with_progress) {
  Allowance allowance(0.3);
  allowance.look(milliseconds(200), false);
  allowance.renew();
  allowance.look(milliseconds(200), false);
  EXPECT_FALSE(allowance.is_used_up());
}

TEST(Allowance, stands_still_while_the_child_is_stopped) {
  Allowance allowance(1);
  for (int look = 0; look < 1000; ++look) allowance.look(milliseconds(200), true);
  EXPECT_FALSE(allowance.is_used_up());
}

TEST(Allowance, stands_still_while_the_looking_process_is_stopped_itself) {
  Allowance allowance(1);
  allowance.look(seconds(60), false);
  EXPECT_FALSE(allowance.is_used_up());
}

TEST(Allowance, is_used_up_however_seldom_looks_come) {
  Allowance allowance(1);
  for (int look = 0; look < 3; ++look) allowance.look(seconds(60), false);
  EXPECT_TRUE(allowance.is_used_up());
}

TEST(TellsStopped, a_signal_or_a_debugger_stops_a_process) {
  EXPECT_TRUE(tells_stopped("4711 (bench) T 1 4711"));
  EXPECT_TRUE(tells_stopped("4711 (bench) t 1 4711"));
  EXPECT_FALSE(tells_stopped("4711 (bench) S 1 4711"));
  EXPECT_FALSE(tells_stopped("4711 (bench) R 1 4711"));
}

TEST(TellsStopped, whatever_the_name_of_the_program_is) {
  EXPECT_FALSE(tells_stopped("4711 (a) T (b) S 1 4711"));
  EXPECT_TRUE(tells_stopped("4711 (a) S (b) T 1 4711"));
  EXPECT_FALSE(tells_stopped(""));
  EXPECT_FALSE(tells_stopped("4711 (bench) "));
}

}  // namespace
}  // namespace lockbench
