#include "harness/base/random.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace lockbench {
namespace {

constexpr int words = 4000;
constexpr double bits = 64.0 * words;

/// Five standard deviations of a share `p` of all bits.
double tolerance(double p) {
  return 5 * std::sqrt(p * (1 - p) / bits);
}

TEST(Chance, answers_64_at_once_with_its_probability) {
  for (const double p : {0.5, 0.25, 0.1, 0.9, 0.99, 0.001, 1.0 / 3}) {
    Random random{7};
    const Chance chance{p};
    int hits = 0;
    for (int i = 0; i < words; ++i) hits += std::popcount(chance.hits(random));
    EXPECT_NEAR(hits / bits, p, tolerance(p)) << p;
  }
}

TEST(Chance, is_exact_at_both_ends) {
  Random random{7};
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Chance{0}.hits(random), 0U);
    EXPECT_EQ(Chance{1}.hits(random), ~std::uint64_t{0});
  }
}

TEST(Chance, has_no_bit_that_tells_another) {
  constexpr double p = 0.3;
  for (const unsigned distance : {1U, 2U, 7U, 32U, 63U}) {
    Random random{distance};
    const Chance chance{p};
    int both = 0;
    for (int i = 0; i < words; ++i) {
      const auto hits = chance.hits(random);
      both += std::popcount(hits & std::rotr(hits, static_cast<int>(distance)));
    }
    EXPECT_NEAR(both / bits, p * p, tolerance(p * p)) << distance;
  }
}

}  // namespace
}  // namespace lockbench
