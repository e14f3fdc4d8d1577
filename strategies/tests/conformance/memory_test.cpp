/// Ten million task lifetimes in the memory of a few.
///
/// Counted three ways: calls of `operator new` (replaced below), bytes that the C library has
/// handed out (some packages call `malloc` themselves), and resident memory. The last two are
/// left out under sanitizers, whose own bookkeeping they would measure.

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <new>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc{};
  allocations.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

// Out of line, or gcc sees `operator new` paired with `free` and warns of a mismatch.
[[gnu::noinline]] void release(void* memory) {
  std::free(memory);
}
}  // namespace

// The other forms (arrays, nothrow) call these.
void* operator new(std::size_t size) {
  return counted(std::malloc(size == 0 ? 1 : size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  release(memory);
}

namespace lockbench::testing_support {
namespace {

/// What the process holds; differences tell growth.
struct Footprint {
  std::uint64_t allocations;
  std::int64_t heap_bytes;
  std::int64_t resident_bytes;

  static Footprint now() {
    const auto heap = mallinfo2();
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> pages >> resident;
    return {.allocations = ::allocations.load(),
            .heap_bytes = static_cast<std::int64_t>(heap.uordblks + heap.hblkhd),
            .resident_bytes = resident * sysconf(_SC_PAGESIZE)};
  }
};

constexpr std::int64_t mebibyte = 1 << 20;

void expect_no_growth(const Footprint& before, std::uint64_t allowed_allocations) {
  const auto after = Footprint::now();
  EXPECT_LE(after.allocations - before.allocations, allowed_allocations);
  if (sanitized) return;
  EXPECT_LT(after.heap_bytes - before.heap_bytes, mebibyte);
  EXPECT_LT(after.resident_bytes - before.resident_bytes, 16 * mebibyte);
}

constexpr QueueLimits small{.capacity = 1024, .payload_bytes = 16};

/// One after another, scattered over all ids, or a few again and again.
enum class Ids { sequential, scattered, reused };

constexpr TaskId id_of(Ids ids, std::uint64_t number) {
  switch (ids) {
    case Ids::sequential: return number;
    case Ids::scattered: return number * 0x9E37'79B9'7F4A'7C15U;
    case Ids::reused: return number % 100;
  }
  return 0;
}

/// Leads tasks first … last - 1 through their lives, with a backlog of 32 queued ones; every
/// eighth is cancelled. False when a call was refused.
bool lead_lives(TaskQueue auto& queue, Ids ids, std::uint64_t first, std::uint64_t last) {
  bool all_well = true;
  const auto payload = bytes_of("0123456789abcdef");
  const auto end_one = [&] {
    const auto task = queue.try_get_next_task();
    all_well = all_well && task && finish(queue, task->id);
  };
  for (auto number = first; number < last && all_well; ++number) {
    const auto id = id_of(ids, number);
    // One priority where ids come back, so that none is overtaken until its id is needed again.
    const int priority = ids == Ids::reused ? 0 : static_cast<int>(number % 16);
    all_well = queue.add_task(id, priority, payload) == AddResult::added;
    if (number % 8 == 7)
      all_well = all_well && cancel_and_forget(queue, id);
    else if (queue.size() > 32)
      end_one();
  }
  while (all_well && queue.size() > 0) end_one();
  return all_well;
}

template <class Q>
struct Memory : WatchedTest {};
TYPED_TEST_SUITE(Memory, StoringStrategies, StrategyName);

TYPED_TEST(Memory, does_not_grow_over_ten_million_task_lifetimes) {
  constexpr std::uint64_t lifetimes =
      slowdown == 1 ? 10'000'000 : 600'000;  // less when not Release
  TypeParam queue{small};
  std::uint64_t next = 0;
  for (const auto ids : {Ids::sequential, Ids::scattered, Ids::reused}) {
    ASSERT_TRUE(lead_lives(queue, ids, next, next + lifetimes / 10));  // to touch all there is
    next += lifetimes / 10;
  }
  const auto before = Footprint::now();
  for (const auto ids : {Ids::sequential, Ids::scattered, Ids::reused}) {
    const auto last = ids == Ids::reused ? lifetimes : next + lifetimes * 7 / 30;
    ASSERT_TRUE(lead_lives(queue, ids, next, last));
    next = last;
  }
  EXPECT_EQ(next, lifetimes);
  expect_no_growth(before, 100);
  EXPECT_EQ(queue.size(), 0U);
}

template <class Q>
struct ConcurrentMemory : WatchedTest {};
TYPED_TEST_SUITE(ConcurrentMemory, ThreadSafeStrategies, StrategyName);

/// Threads that each lead lives of their own ids, taking whatever comes.
void lead_lives_together(TaskQueue auto& queue, unsigned threads, std::uint64_t each,
                         std::uint64_t generation) {
  together(threads, [&](unsigned member) {
    const TaskId first = (generation * threads + member) * each;
    for (TaskId id = first; id < first + each; ++id) {
      EXPECT_TRUE(add(queue, id));
      // Whoever is here has just added, so a task is left for it even if others took its own.
      EXPECT_TRUE(eventually([&] {
        const auto task = queue.try_get_next_task();
        return task && finish(queue, task->id);
      }));
    }
  });
}

TYPED_TEST(ConcurrentMemory, does_not_grow_under_several_threads) {
  TypeParam queue{small};
  lead_lives_together(queue, 4, scaled(20'000), 0);
  const auto before = Footprint::now();
  lead_lives_together(queue, 4, scaled(100'000), 5);
  expect_no_growth(before, 1'000);
  EXPECT_EQ(queue.size(), 0U);
}

TYPED_TEST(ConcurrentMemory, does_not_grow_with_threads_that_come_and_go) {
  TypeParam queue{small};
  constexpr std::uint64_t generations = scaled(400);
  for (std::uint64_t i = 0; i < 20; ++i) lead_lives_together(queue, 4, 10, i);
  const auto before = Footprint::now();
  for (std::uint64_t i = 0; i < generations; ++i) lead_lives_together(queue, 4, 10, 20 + i);
  expect_no_growth(before, generations * 40);  // the threads themselves cost some
}

}  // namespace
}  // namespace lockbench::testing_support
