/// The numbers of threads: no two living threads share one, and those of ended threads come again.

#include "strategies/storage/thread_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "strategies/tests/crew.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {
namespace {

struct ThreadIndexTest : WatchedTest {};

/// The indices of `count` threads that live at the same time.
std::vector<std::uint32_t> indices_of(unsigned count) {
  std::vector<std::uint32_t> indices(count);
  std::barrier all_have_asked{static_cast<std::ptrdiff_t>(count)};
  together(count, [&](unsigned member) {
    indices[member] = ThreadIndex::mine();
    all_have_asked.arrive_and_wait();
  });
  return indices;
}

TEST_F(ThreadIndexTest, stays_the_same_for_a_thread) {
  const auto index = ThreadIndex::mine();
  EXPECT_LT(index, ThreadIndex::most);
  (void)indices_of(4);
  EXPECT_EQ(ThreadIndex::mine(), index);
}

TEST_F(ThreadIndexTest, differs_between_living_threads) {
  const auto own = ThreadIndex::mine();
  const auto indices = indices_of(20);
  const std::set<std::uint32_t> different(indices.begin(), indices.end());
  EXPECT_EQ(different.size(), indices.size());
  EXPECT_FALSE(different.contains(own));
}

TEST_F(ThreadIndexTest, is_the_lowest_that_is_free_so_that_threads_that_come_and_go_use_few) {
  (void)ThreadIndex::mine();
  for (int generation = 0; generation < 50; ++generation) {
    const auto indices = indices_of(4);
    EXPECT_LE(*std::max_element(indices.begin(), indices.end()), 4U);
  }
}

TEST_F(ThreadIndexTest, is_none_for_threads_beyond_the_last_and_comes_again_afterwards) {
  (void)ThreadIndex::mine();
  const auto indices = indices_of(ThreadIndex::most + 5);
  EXPECT_EQ(std::count(indices.begin(), indices.end(), ThreadIndex::none),
            6);  // one has this thread
  const auto later = indices_of(4);
  EXPECT_EQ(std::count(later.begin(), later.end(), ThreadIndex::none), 0);
}

TEST_F(ThreadIndexTest, hands_over_what_the_last_owner_wrote) {
  // Plain variables: a missing ordering is a data race that ThreadSanitizer reports.
  std::array<std::uint64_t, ThreadIndex::most> parts{};
  const auto generations = scaled(200);
  together(4, [&](unsigned) {
    for (std::uint64_t i = 0; i < generations; ++i) {
      std::jthread{[&] { ++parts.at(ThreadIndex::mine()); }};
    }
  });
  std::uint64_t total = 0;
  for (const auto part : parts) total += part;
  EXPECT_EQ(total, 4 * generations);
}

}  // namespace
}  // namespace lockbench::testing_support
