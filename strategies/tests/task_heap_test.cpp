#include "strategies/storage/task_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <vector>

namespace lockbench {
namespace {

struct Entered {
  int priority;
  std::uint64_t sequence;
  std::uint32_t slot;
};

/// The order that the contract asks for, said in another way than the heap says it.
bool operator<(const Entered& a, const Entered& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.sequence < b.sequence;
}

HeapEntry entry(const Entered& of) {
  return {of.priority, of.sequence, of.slot};
}

void expect_all(TaskHeap& heap, std::vector<Entered> expected) {
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(heap.size(), expected.size());
  for (const auto& next : expected) {
    const auto popped = heap.pop();
    ASSERT_TRUE(popped);
    ASSERT_EQ(popped->key(), entry(next).key());
  }
  EXPECT_FALSE(heap.pop());
}

TEST(HeapEntryTest, gives_back_what_it_was_made_of) {
  const HeapEntry made{-7, 0xffff'ffff'ffff'fff0U, 0xffff'fffeU};
  EXPECT_EQ(made.sequence(), 0xffff'ffff'ffff'fff0U);
  EXPECT_EQ(made.slot(), 0xffff'fffeU);
}

TEST(HeapEntryTest, higher_priorities_come_first_up_to_the_ends_of_int) {
  using Limits = std::numeric_limits<int>;
  const std::vector<int> falling{Limits::max(),     Limits::max() - 1, 1, 0, -1,
                                 Limits::min() + 1, Limits::min()};
  for (std::size_t i = 1; i < falling.size(); ++i) {
    const HeapEntry earlier{falling[i - 1], 9, 9};
    const HeapEntry later{falling[i], 0, 0};
    EXPECT_TRUE(earlier.comes_before(later)) << falling[i - 1] << " and " << falling[i];
    EXPECT_FALSE(later.comes_before(earlier)) << falling[i - 1] << " and " << falling[i];
  }
}

TEST(HeapEntryTest, ties_come_in_order_of_arrival_beyond_32_bits) {
  EXPECT_TRUE((HeapEntry{3, 0xffff'ffffU, 5}.comes_before(HeapEntry{3, 0x1'0000'0000U, 1})));
  EXPECT_TRUE((HeapEntry{3, 0x1'0000'0000U, 5}.comes_before(HeapEntry{3, 0x1'0000'0001U, 1})));
}

TEST(TaskHeapTest, entries_come_out_in_order_whatever_their_number) {
  std::minstd_rand random{1};
  for (std::size_t count = 0; count <= 90; ++count) {
    TaskHeap heap{90};
    std::vector<Entered> entered;
    for (std::uint32_t i = 0; i < count; ++i) {
      entered.push_back({static_cast<int>(random() % 5) - 2, i, i * 7});
      ASSERT_TRUE(heap.push(entry(entered.back())));
    }
    expect_all(heap, entered);
  }
}

TEST(TaskHeapTest, pushes_and_pops_may_be_mixed) {
  std::minstd_rand random{2};
  TaskHeap heap{500};
  std::set<Entered> model;
  for (std::uint32_t turn = 0; turn < 50'000; ++turn) {
    const bool grows = model.size() < 500 && random() % 1000 < 400 + 200 * (turn / 10'000 % 2);
    if (grows) {
      const Entered added{static_cast<int>(random() % 64), turn, turn};
      model.insert(added);
      ASSERT_TRUE(heap.push(entry(added)));
    } else if (const auto popped = heap.pop()) {
      ASSERT_FALSE(model.empty());
      ASSERT_EQ(popped->key(), entry(*model.begin()).key());
      model.erase(model.begin());
    } else {
      ASSERT_TRUE(model.empty());
    }
    ASSERT_EQ(heap.size(), model.size());
  }
}

TEST(TaskHeapTest, a_full_heap_refuses_and_changes_nothing) {
  TaskHeap heap{3};
  const std::vector<Entered> entered{{1, 0, 0}, {2, 1, 1}, {3, 2, 2}};
  for (const auto& each : entered) ASSERT_TRUE(heap.push(entry(each)));
  EXPECT_FALSE(heap.push({9, 9, 9}));
  expect_all(heap, entered);
}

TEST(TaskHeapTest, what_is_retained_keeps_its_order) {
  std::minstd_rand random{3};
  for (std::uint32_t count = 0; count < 70; ++count) {
    TaskHeap heap{70};
    std::vector<Entered> wanted;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Entered added{static_cast<int>(random() % 9), i, i};
      ASSERT_TRUE(heap.push(entry(added)));
      if (i % 3 != 0) wanted.push_back(added);
    }
    heap.retain([](HeapEntry each) { return each.slot() % 3 != 0; });
    expect_all(heap, wanted);
  }
}

}  // namespace
}  // namespace lockbench
