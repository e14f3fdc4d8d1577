/// What the storage asks of the memory allocator: all of it when made, nothing in use.

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "strategies/storage/task_store.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/unsafe_store.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}  // namespace

// Not inlined, or else gcc 12 takes the halves for mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const block = std::malloc(size == 0 ? 1 : size)) return block;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}

namespace lockbench {
namespace {

/// Adds a task and ends it in one way or another; whether everything went as it should.
bool turn(auto& store, TaskId id) {
  if (store.add(id, static_cast<int>(id % 5), {}) != AddResult::added) return false;
  if (id % 3 == 0) {
    if (store.cancel(id) != Transition::ok) return false;
  } else {
    const auto task = store.take();
    if (!task || task->id != id || store.complete(id) != Transition::ok) return false;
  }
  return store.forget(id) == Transition::ok;
}

template <class Store>
struct StorageAllocationTest : testing::Test {};
using Stores = testing::Types<TaskStore, testing_support::UnsafeStore>;
TYPED_TEST_SUITE(StorageAllocationTest, Stores);

TYPED_TEST(StorageAllocationTest, nothing_is_allocated_in_use) {
  TypeParam store{{.capacity = 8, .payload_bytes = 4}};
  // An unsafe queue allocates at a thread's first take of a payload.
  ASSERT_TRUE(turn(store, 1));

  bool as_expected = true;
  const auto allocations_before = allocations.load();
  const auto bytes_before = mallinfo2().uordblks;
  for (TaskId id = 2; id < 5000; ++id) as_expected = turn(store, id) && as_expected;
  store.shut_down(ShutdownMode::discard);
  EXPECT_EQ(mallinfo2().uordblks, bytes_before);
  EXPECT_EQ(allocations.load(), allocations_before);
  EXPECT_TRUE(as_expected);
}

TEST(StorageAllocation, a_queue_of_the_largest_capacity_touches_only_what_it_uses) {
  if (testing_support::sanitized) GTEST_SKIP() << "a sanitizer has memory of its own";
  const auto resident_pages = [] {
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    std::FILE* const statm = std::fopen("/proc/self/statm", "r");
    if (statm == nullptr) return resident;
    if (std::fscanf(statm, "%lu %lu", &total, &resident) != 2) resident = 0;
    (void)std::fclose(statm);
    return resident;
  };
  const auto before = resident_pages();
  TaskStore store{{.capacity = QueueLimits::max_capacity, .payload_bytes = 64}};
  for (TaskId id = 0; id < 100; ++id) ASSERT_TRUE(turn(store, id));
  // Well over a gigabyte if it were touched.
  EXPECT_LT(resident_pages() - before, 4096U);
}

}  // namespace
}  // namespace lockbench
