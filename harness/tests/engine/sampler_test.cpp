#include "harness/engine/sampler.hpp"

#include <gtest/gtest.h>

#include <set>

namespace lockbench {
namespace {

constexpr std::uint32_t draws = 1'000'000;

std::uint32_t chosen_of_a_million(std::uint32_t every) {
  Sampler sampler(every, 7);
  std::uint32_t chosen = 0;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    if (!sampler.chooses()) continue;
    ++chosen;
    sampler.rearm();
  }
  return chosen;
}

TEST(Sampler, chooses_one_in_as_many_as_asked) {
  for (const std::uint32_t every : {2U, 7U, 64U}) {
    EXPECT_NEAR(chosen_of_a_million(every) * static_cast<double>(every) / draws, 1, 0.02) << every;
  }
}

TEST(Sampler, chooses_all_at_1_and_none_at_0) {
  EXPECT_EQ(chosen_of_a_million(1), draws);
  EXPECT_EQ(chosen_of_a_million(0), 0U);
}

TEST(Sampler, leaves_gaps_of_every_length_so_that_no_rhythm_hides_from_it) {
  Sampler sampler(8, 7);
  std::set<int> gaps;
  for (int draw = 0, gap = 1; draw < 10'000; ++draw, ++gap) {
    if (!sampler.chooses()) continue;
    gaps.insert(gap);
    gap = 0;
    sampler.rearm();
  }
  EXPECT_EQ(gaps.size(), 15U);  // 1 … 2 * 8 - 1
  EXPECT_EQ(*gaps.begin(), 1);
  EXPECT_EQ(*gaps.rbegin(), 15);
}

}  // namespace
}  // namespace lockbench
