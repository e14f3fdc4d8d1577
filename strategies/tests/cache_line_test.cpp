/// What readers of a queue need lies apart from what writers change, and from its lock.

#include "strategies/storage/cache_line.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "strategies/registry.hpp"
#include "strategies/storage/task_store.hpp"
#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench {
namespace {

/// So that the id table has 2,048 entries. What readers need of it is its mask, which no other word of
/// a queue is equal to, and its neighbours.
constexpr QueueLimits thousand{.capacity = 1000, .payload_bytes = 16};
constexpr std::uint64_t mask_of_ids = 2047;

template <class T>
std::vector<std::uint64_t> words_of(const T& object) {
  std::vector<std::uint64_t> words(sizeof object / sizeof(std::uint64_t));
  // As bytes: the words are looked at, and no object is made of them.
  std::memcpy(words.data(), reinterpret_cast<const std::byte*>(&object),
              words.size() * sizeof(std::uint64_t));
  return words;
}

/// An object in pages fresh from the kernel, so that its padding is zero and not what lay there before.
template <class T>
class OnFreshPages {
public:
  OnFreshPages()
      : memory_{::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                       0)} {
    if (memory_ == MAP_FAILED) throw std::bad_alloc{};
    object_ = new (memory_) T{thousand};
  }
  OnFreshPages(const OnFreshPages&) = delete;
  OnFreshPages& operator=(const OnFreshPages&) = delete;
  ~OnFreshPages() {
    object_->~T();
    ::munmap(memory_, sizeof(T));
  }
  T& operator*() noexcept { return *object_; }

private:
  void* memory_;
  T* object_ = nullptr;
};

/// Which `cache_line_distance` bytes of memory a word of an object lies in.
template <class T>
std::size_t part_of(const T& object, std::size_t word) {
  const auto address = reinterpret_cast<std::uintptr_t>(&object) + word * sizeof(std::uint64_t);
  return address / cache_line_distance;
}

/// Does every kind of change to a queue or a storage, and expects each word that is changed by it to
/// lie apart from what readers need. Returns how many words there are from the first to the last.
template <class T>
std::size_t expect_changes_lie_apart(T& object, auto change) {
  const auto before = words_of(object);
  change();
  const auto after = words_of(object);
  std::size_t masks = 0;
  std::size_t first = before.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i]) {
      first = std::min(first, i);
      last = i;
    }
    if (before[i] != mask_of_ids) continue;
    ++masks;
    for (std::size_t j = 0; j < before.size(); ++j) {
      EXPECT_FALSE(before[j] != after[j] && part_of(object, i) == part_of(object, j))
          << "bytes " << i * 8 << " and " << j * 8;
    }
  }
  EXPECT_EQ(masks, 1U);
  EXPECT_LE(first, last) << "nothing was changed";
  return last - first + 1;
}

TEST(CacheLines, of_the_storage_change_only_where_readers_do_not_look) {
  OnFreshPages<TaskStore> memory;
  auto& store = *memory;
  const auto words = expect_changes_lie_apart(store, [&] {
    for (TaskId id = 0; id < 9; ++id) ASSERT_EQ(store.add(id, 0, {}), AddResult::added);
    const auto task = store.take();
    ASSERT_TRUE(task);
    ASSERT_EQ(store.complete(task->id), Transition::ok);
    ASSERT_EQ(store.forget(task->id), Transition::ok);
    ASSERT_EQ(store.cancel(8), Transition::ok);
  });
  EXPECT_LE(words * sizeof(std::uint64_t), 64U) << "more than one line travels between writers";
}

template <class Q>
struct CacheLinesOf : testing::Test {};
using LockFamily =
    testing::Types<MutexTaskQueue, RecursiveTaskQueue, RwlockTaskQueue, RwlockWriterTaskQueue,
                   CondvarTaskQueue, SemaphoreTaskQueue, TwoLockTaskQueue, CompleteTaskQueue>;
TYPED_TEST_SUITE(CacheLinesOf, LockFamily, testing_support::StrategyName);

TYPED_TEST(CacheLinesOf, a_queue_change_only_where_readers_do_not_look) {
  OnFreshPages<TypeParam> memory;
  auto& queue = *memory;
  (void)expect_changes_lie_apart(queue, [&] {
    for (TaskId id = 0; id < 9; ++id) ASSERT_TRUE(testing_support::add(queue, id));
    ASSERT_TRUE(testing_support::finish(queue, testing_support::take(queue).value()));
    ASSERT_TRUE(testing_support::cancel_and_forget(queue, 8));
  });
}

/// A queue whose parts a test may look at.
template <class Q>
struct Open : Q {
  using Q::Q;
  std::vector<const void*> parts() const { return {&this->lock_, &this->store_, &this->signal_}; }
};

template <class Q>
void expect_parts_lie_apart() {
  const Open<Q> queue{thousand};
  for (const void* part : queue.parts()) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(part) % cache_line_distance, 0U);
  }
}

TEST(CacheLines, of_the_lock_the_storage_and_the_signal_are_not_shared) {
  expect_parts_lie_apart<RwlockTaskQueue>();
  expect_parts_lie_apart<RwlockWriterTaskQueue>();
  expect_parts_lie_apart<CondvarTaskQueue>();
  expect_parts_lie_apart<SemaphoreTaskQueue>();
}

}  // namespace
}  // namespace lockbench
