/// The packages behind the lock-free strategies, as the task queue uses them: what was pushed is
/// found by as many pops, however they race, and nothing is allocated once all threads have pushed.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdlib>
#include <optional>
#include <thread>
#include <vector>

#include "strategies/boost_lockfree.hpp"
#include "strategies/moodycamel.hpp"
#include "strategies/moodycamel_blocking.hpp"
#include "strategies/storage/thread_index.hpp"
#include "strategies/tests/crew.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {
namespace {

constexpr unsigned threads = 4;

template <class F>
struct LockFreeFifo : WatchedTest {};

struct FifoName {
  template <class F>
  static std::string GetName(int /*index*/) {
    if constexpr (std::is_same_v<F, BoostFifo>) return "boost";
    return ParkingFifo<F> ? "moodycamel_blocking" : "moodycamel";
  }
};
using Fifos = testing::Types<BoostFifo, MoodycamelFifo<>, MoodycamelBlockingFifo<>>;
TYPED_TEST_SUITE(LockFreeFifo, Fifos, FifoName);

TYPED_TEST(LockFreeFifo, gives_one_threads_indices_in_the_order_they_came) {
  TypeParam fifo{100};
  EXPECT_EQ(fifo.try_pop(), std::nullopt);
  for (RecordIndex index = 1; index <= 100; ++index) ASSERT_TRUE(fifo.try_push(index));
  for (RecordIndex index = 1; index <= 100; ++index) EXPECT_EQ(fifo.try_pop(), index);
  EXPECT_EQ(fifo.try_pop(), std::nullopt);
}

TYPED_TEST(LockFreeFifo, holds_as_many_as_promised_again_and_again) {
  TypeParam fifo{3};
  for (int round = 0; round < 1000; ++round) {
    for (RecordIndex index = 1; index <= 3; ++index) ASSERT_TRUE(fifo.try_push(index));
    for (RecordIndex index = 1; index <= 3; ++index) ASSERT_EQ(fifo.try_pop(), index);
  }
}

TYPED_TEST(LockFreeFifo, no_pop_comes_back_empty_handed_while_there_is_an_index_for_it) {
  TypeParam fifo{threads};
  std::atomic<std::uint64_t> empty_handed{0};
  // Each pushes one and then pops one. Whenever a thread pops, it has just added an index, so there
  // is one for it, if not its own: an empty-handed pop has missed something.
  together(threads, [&](unsigned member) {
    for (std::uint64_t turn = 0; turn < scaled(200'000); ++turn) {
      if (!fifo.try_push(member + 1) || !fifo.try_pop()) ++empty_handed;
    }
  });
  EXPECT_EQ(empty_handed, 0U);
  EXPECT_EQ(fifo.try_pop(), std::nullopt);
}

TYPED_TEST(LockFreeFifo, gives_every_index_to_one_pop) {
  constexpr std::uint32_t capacity = 256;
  TypeParam fifo{capacity};
  std::array<std::atomic<std::uint64_t>, capacity + 1> given{};
  std::atomic<std::uint64_t> left{scaled(100'000) / capacity * capacity + capacity};
  const auto rounds = left / capacity;
  for (RecordIndex index = 1; index <= capacity; ++index) ASSERT_TRUE(fifo.try_push(index));
  // Whoever pops an index pushes it again, until each has been round often enough.
  std::atomic<std::uint32_t> done{0};
  together(threads, [&](unsigned) {
    while (done.load() < capacity) {
      const auto index = fifo.try_pop();
      if (!index) continue;
      if (++given[*index] == rounds)
        ++done;
      else if (!fifo.try_push(*index))
        std::abort();
    }
  });
  for (RecordIndex index = 1; index <= capacity; ++index) EXPECT_EQ(given[index], rounds);
  EXPECT_EQ(fifo.try_pop(), std::nullopt);
}

TYPED_TEST(LockFreeFifo, serves_more_threads_than_have_an_index) {
  constexpr unsigned many = ThreadIndex::most + 20;
  TypeParam fifo{many};
  std::array<std::atomic<unsigned>, many + 1> given{};
  for (int generation = 0; generation < 2; ++generation) {
    std::barrier all_live{many};
    together(many, [&](unsigned member) {
      if (!fifo.try_push(member + 1)) std::abort();
      all_live.arrive_and_wait();
      std::optional<RecordIndex> index;
      EXPECT_TRUE(eventually([&] { return (index = fifo.try_pop()).has_value(); }));
      if (index) ++given.at(*index);
    });
  }
  for (RecordIndex index = 1; index <= many; ++index) EXPECT_EQ(given.at(index), 2U);
}

// --- allocation ----------------------------------------------------------------------------------

std::atomic<std::uint64_t> package_allocations{0};

struct CountingTraits : MoodycamelTraits {
  static void* malloc(std::size_t size) {
    ++package_allocations;
    return std::malloc(size);
  }
  static void free(void* memory) { std::free(memory); }
};

TEST(MoodycamelFifo, allocates_nothing_while_no_thread_adds_more_than_its_share) {
  constexpr std::uint32_t capacity = 4096;
  constexpr std::uint32_t share = capacity / threads;
  // Each block many times over, and no index once around: were a pop held up for so long that its
  // element's place in the index came up again, the index would have to grow.
  constexpr std::uint32_t turns = 32'768 / share - 1;
  static_assert(turns * capacity > 10 * (capacity + 2 * 128 * 32));
  MoodycamelFifo<CountingTraits> fifo{capacity};
  std::atomic<std::uint64_t> before{0};
  std::barrier first_pushed{threads, [&]() noexcept { before = package_allocations.load(); }};
  std::barrier all_have{threads};
  together(threads, [&](unsigned member) {
    if (!fifo.try_push(member + 1)) std::abort();
    first_pushed.arrive_and_wait();
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
      for (unsigned i = 0; i < share - 1; ++i) {
        if (!fifo.try_push(1)) std::abort();
      }
      all_have.arrive_and_wait();  // or else one thread's adds could pile up beside others' pops
      // Until one comes, or else what a pop missed would add up beyond the capacity.
      for (unsigned i = 0; i < share - 1; ++i) {
        while (!fifo.try_pop()) std::this_thread::yield();
      }
      all_have.arrive_and_wait();
    }
  });
  EXPECT_EQ(package_allocations - before, 0U);
}

// --- sleeping ------------------------------------------------------------------------------------

struct MoodycamelBlockingFifoTest : WatchedTest {};

TEST_F(MoodycamelBlockingFifoTest, an_index_wakes_a_sleeper) {
  MoodycamelBlockingFifo fifo{8};
  std::optional<RecordIndex> got;
  std::jthread sleeper{[&] { got = fifo.pop_until(far_ahead()); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  ASSERT_TRUE(fifo.try_push(7));
  sleeper.join();
  EXPECT_EQ(got, 7U);
}

TEST_F(MoodycamelBlockingFifoTest, closing_wakes_all_sleepers_and_leaves_the_indices) {
  MoodycamelBlockingFifo fifo{8};
  std::vector<std::jthread> sleepers;
  for (unsigned i = 0; i < 8; ++i) {
    sleepers.emplace_back([&] { EXPECT_EQ(fifo.pop_until(far_ahead()), std::nullopt); });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  fifo.close();
  sleepers.clear();  // joins
  ASSERT_TRUE(fifo.try_push(1));
  ASSERT_TRUE(fifo.try_push(2));
  EXPECT_EQ(fifo.try_pop(), 1U);
  EXPECT_EQ(fifo.try_pop(), 2U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(fifo.try_pop(), std::nullopt);
  EXPECT_EQ(fifo.pop_until(far_ahead()), std::nullopt) << "a closed FIFO does not wait";
}

TEST_F(MoodycamelBlockingFifoTest, any_deadline_can_be_given) {
  MoodycamelBlockingFifo fifo{8};
  EXPECT_EQ(fifo.pop_until(Deadline::min()), std::nullopt);
  EXPECT_EQ(fifo.pop_until({}), std::nullopt);
  EXPECT_EQ(fifo.pop_until(after(std::chrono::nanoseconds{1})), std::nullopt);
  const auto deadline = after(std::chrono::milliseconds{3});
  EXPECT_EQ(fifo.pop_until(deadline), std::nullopt);
  EXPECT_GE(Deadline::clock::now(), deadline);
  ASSERT_TRUE(fifo.try_push(1));
  EXPECT_EQ(fifo.pop_until(Deadline::max()), 1U);
}

}  // namespace
}  // namespace lockbench::testing_support
