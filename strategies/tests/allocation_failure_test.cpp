/// Faults: no memory. The C library's allocation functions are replaced here, so that they fail when
/// asked to, also where a package calls them itself. Sanitizers replace them too, and come first.

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <thread>

#include "strategies/tests/conformance/conformance.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOCKBENCH_ALLOCATION_CAN_FAIL 0
#else
#define LOCKBENCH_ALLOCATION_CAN_FAIL 1
#endif

namespace {

constexpr long no_limit = -1;

/// How many more allocations of the calling thread succeed.
thread_local long allocations_left = no_limit;
/// Blocks that were allocated and not yet freed, by all threads.
std::atomic<long> blocks{0};

#if LOCKBENCH_ALLOCATION_CAN_FAIL
bool may_allocate() noexcept {
  if (allocations_left == no_limit) return true;
  if (allocations_left == 0) {
    errno = ENOMEM;
    return false;
  }
  --allocations_left;
  return true;
}

void* counted(void* block) noexcept {
  if (block != nullptr) ++blocks;
  return block;
}
#endif

}  // namespace

#if LOCKBENCH_ALLOCATION_CAN_FAIL
// glibc's own names for what is replaced.
extern "C" {
void* __libc_malloc(std::size_t size);                       // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t count, std::size_t size);    // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t align, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void __libc_free(void* block);                               // NOLINT(bugprone-reserved-identifier)

void* malloc(std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_malloc(size)) : nullptr;
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_calloc(count, size)) : nullptr;
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return may_allocate() ? counted(__libc_memalign(alignment, size)) : nullptr;
}
void free(void* block) noexcept {
  if (block == nullptr) return;
  --blocks;
  __libc_free(block);
}
}
#endif

namespace lockbench::testing_support {
namespace {

/// For the calling thread, while it lives, every allocation after the first few fails.
class Shortage {
public:
  explicit Shortage(long succeed) noexcept { allocations_left = succeed; }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
  ~Shortage() { allocations_left = no_limit; }
};

template <class Q>
struct AllocationFailure : WatchedTest {
  void SetUp() override {
    if (!LOCKBENCH_ALLOCATION_CAN_FAIL) GTEST_SKIP() << "the sanitizer's allocator never fails";
    WatchedTest::SetUp();
  }
};
TYPED_TEST_SUITE(AllocationFailure, ThreadSafeStrategies, StrategyName);

/// Builds a queue of which the allocation after `succeed` fails. False when it threw.
template <class Q>
bool built_with(long succeed) {
  const Shortage shortage(succeed);
  try {
    const Q queue{limits};
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

TYPED_TEST(AllocationFailure, of_a_constructor_throws_wherever_it_happens_and_leaks_nothing) {
  (void)built_with<TypeParam>(no_limit);  // what is made once and kept is made now
  int failures = 0;
  const long before = blocks;
  for (long succeed = 0; !built_with<TypeParam>(succeed); ++succeed) {
    ++failures;
    ASSERT_LT(failures, 1000);
  }
  EXPECT_GT(failures, 0) << "nothing was allocated";
  EXPECT_EQ(blocks, before);
}

TYPED_TEST(AllocationFailure, in_use_refuses_an_add_at_worst_and_loses_nothing) {
  TypeParam queue{limits};
  std::size_t added = 0;
  // A thread that the queue has not seen yet, since some packages allocate for each of them.
  std::jthread{[&] {
    const Shortage shortage(0);
    for (TaskId id = 0; id < 8; ++id) {
      const auto result = queue.add_task(id, 0, {});
      if (result == AddResult::added) {
        ++added;
      } else if (result != AddResult::full || queue.get_status(id) != TaskStatus::unknown) {
        added += 1000;  // no assertion here: those allocate
      }
    }
  }}.join();
  EXPECT_LE(added, 8U) << "refused, but not as full and forgotten";
  EXPECT_EQ(queue.size(), added);
  std::size_t taken = 0;
  while (const auto task = queue.try_get_next_task()) {
    EXPECT_TRUE(finish(queue, task->id));
    ++taken;
  }
  EXPECT_EQ(taken, added);
  EXPECT_TRUE(add(queue, 99)) << "with memory again";
  EXPECT_EQ(take(queue), 99U);
}

}  // namespace
}  // namespace lockbench::testing_support
