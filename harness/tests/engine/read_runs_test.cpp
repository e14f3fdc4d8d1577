#include "harness/engine/read_runs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace lockbench {
namespace {

constexpr std::size_t operations = 400'000;

/// The operations that the runs stand for, in order: true for a read.
std::vector<bool> reads_of(double read_ratio) {
  ReadRuns runs(read_ratio, Random{11});
  std::vector<bool> reads;
  while (reads.size() < operations) {
    const unsigned run = runs.next();
    EXPECT_LE(run, ReadRuns::longest);
    reads.insert(reads.end(), run, true);
    if (run < ReadRuns::longest) reads.push_back(false);
  }
  return reads;
}

/// Share of the operations that read among those that come after `before`, a read or a write.
double share_after(bool before, const std::vector<bool>& reads) {
  double after = 0;
  double reading = 0;
  for (std::size_t i = 1; i < reads.size(); ++i) {
    if (reads[i - 1] != before) continue;
    ++after;
    reading += reads[i] ? 1 : 0;
  }
  return reading / after;
}

TEST(ReadRuns, read_with_the_same_probability_whatever_came_before) {
  for (const double ratio : {0.1, 0.5, 0.75, 0.9, 0.99}) {
    const auto reads = reads_of(ratio);
    for (const bool before : {true, false}) {
      const double cases = operations * (before ? ratio : 1 - ratio);
      const double tolerance = 5 * std::sqrt(ratio * (1 - ratio) / cases);
      EXPECT_NEAR(share_after(before, reads), ratio, tolerance) << ratio << before;
    }
  }
}

TEST(ReadRuns, never_read_at_a_ratio_of_0_and_never_write_at_1) {
  ReadRuns writes(0, Random{1});
  ReadRuns reads(1, Random{1});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(writes.next(), 0U);
    EXPECT_EQ(reads.next(), ReadRuns::longest);
  }
}

TEST(ReadRuns, are_other_ones_for_other_threads) {
  ReadRuns one(0.5, Random{1});
  ReadRuns other(0.5, Random{2});
  int equal = 0;
  for (int i = 0; i < 1000; ++i) equal += one.next() == other.next() ? 1 : 0;
  EXPECT_LT(equal, 500);
}

}  // namespace
}  // namespace lockbench
