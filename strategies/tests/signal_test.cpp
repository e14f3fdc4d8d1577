/// How the strategies that sleep wake others: never while they hold the lock.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/semaphore.hpp"
#include "strategies/storage/condition_signal.hpp"
#include "strategies/storage/locked_task_queue.hpp"
#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench {
namespace {

using namespace std::chrono_literals;
using testing_support::add;
using testing_support::finish;
using testing_support::limits;
using testing_support::take;

/// A mutex that knows whether the calling thread holds it.
class KnownMutex {
public:
  void lock() {
    mutex_.lock();
    held = true;
  }
  bool try_lock() {
    held = mutex_.try_lock();
    return held;
  }
  void unlock() {
    held = false;
    mutex_.unlock();
  }

  static inline thread_local bool held = false;

private:
  std::mutex mutex_;
};

/// Notes each time when a thread that holds the lock wakes others, or may.
struct Wakes {
  static inline std::atomic<int> all{0};
  static inline std::atomic<int> under_the_lock{0};

  static void note() noexcept {
    ++all;
    if (KnownMutex::held) ++under_the_lock;
  }
};

struct NotedCondition : std::condition_variable_any {
  void notify_one() noexcept {
    Wakes::note();
    std::condition_variable_any::notify_one();
  }
  void notify_all() noexcept {
    Wakes::note();
    std::condition_variable_any::notify_all();
  }
};
struct NotedSemaphore : PosixSemaphore {
  void release() {
    Wakes::note();
    PosixSemaphore::release();
  }
};

/// A queue of no name, so that it models the contract.
template <class Lock, class Signal>
struct Nameless : LockedTaskQueue<Lock, Signal> {
  static constexpr StrategyTraits traits{};
  using LockedTaskQueue<Lock, Signal>::LockedTaskQueue;
};

template <class Signal>
struct WakingUp : testing_support::WatchedTest {};
using SleepingSignals = testing::Types<ConditionSignal<KnownMutex, NotedCondition>,
                                       PermitSignal<KnownMutex, NotedSemaphore>>;
TYPED_TEST_SUITE(WakingUp, SleepingSignals);

TYPED_TEST(WakingUp, happens_when_the_lock_is_free) {
  Wakes::all = 0;
  Wakes::under_the_lock = 0;
  for (int round = 0; round < 20; ++round) {
    Nameless<KnownMutex, TypeParam> queue{limits};
    std::vector<std::jthread> sleepers;
    for (int i = 0; i < 3; ++i) {
      sleepers.emplace_back([&] {
        for (;;) {
          const auto result = queue.get_next_task(testing_support::far_ahead());
          if (result.outcome != TakeOutcome::task) return;
          EXPECT_EQ(queue.complete_task(result.task.id), Transition::ok);
        }
      });
    }
    ASSERT_TRUE(add(queue, 100));
    sleepers.emplace_back([&] { queue.join(); });
    for (TaskId id = 0; id < 10; ++id) {
      std::this_thread::sleep_for(200us);  // most likely they sleep by now; right either way
      ASSERT_TRUE(add(queue, id));
      if (id % 3 == 0) (void)queue.cancel_task(id);
    }
    queue.shutdown(round % 2 == 0 ? ShutdownMode::drain : ShutdownMode::discard);
  }
  EXPECT_GT(Wakes::all, 0);
  EXPECT_EQ(Wakes::under_the_lock, 0);
}

/// A semaphore before whose posts something else happens, as other threads may do it.
struct LateSemaphore : PosixSemaphore {
  void release() {
    ++posts;
    const auto first = std::exchange(meanwhile, nullptr);
    if (first) first();
    PosixSemaphore::release();
  }
  bool try_acquire() noexcept {
    const bool acquired = PosixSemaphore::try_acquire();
    if (acquired) --posts;
    return acquired;
  }

  static inline int posts = 0;  ///< permits that are left, if nobody waits
  static inline std::function<void()> meanwhile = nullptr;
};

using LateQueue = Nameless<std::mutex, PermitSignal<std::mutex, LateSemaphore>>;

struct Permits : testing_support::WatchedTest {
  Permits() { LateSemaphore::posts = 0; }
};

TEST_F(Permits, of_tasks_that_are_gone_before_they_are_posted_do_not_add_up) {
  LateQueue queue{limits};
  for (TaskId id = 0; id < 100; ++id) {
    LateSemaphore::meanwhile = [&] {
      if (id % 2 == 0) {
        EXPECT_EQ(take(queue), id);
        EXPECT_TRUE(finish(queue, id));
      } else {
        EXPECT_TRUE(testing_support::cancel_and_forget(queue, id));
      }
    };
    ASSERT_TRUE(add(queue, id));
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_LE(LateSemaphore::posts, 1);
  }
}

TEST_F(Permits, are_there_for_every_task_once_all_posts_are_done) {
  LateQueue queue{limits};
  // The second add overtakes the first, and a take the post of both.
  LateSemaphore::meanwhile = [&] {
    LateSemaphore::meanwhile = [&] { EXPECT_EQ(take(queue), 1U); };
    ASSERT_TRUE(add(queue, 2));
  };
  ASSERT_TRUE(add(queue, 1));
  EXPECT_GE(LateSemaphore::posts, 1);
  const auto result = queue.get_next_task(testing_support::far_ahead());
  ASSERT_EQ(result.outcome, TakeOutcome::task);
  EXPECT_EQ(result.task.id, 2U);
}

TEST_F(Permits, that_are_too_many_do_not_end_a_wait) {
  LateQueue queue{limits};
  LateSemaphore::meanwhile = [&] { EXPECT_EQ(take(queue), 1U); };
  ASSERT_TRUE(add(queue, 1));
  const auto deadline = testing_support::after(20ms);
  EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::timed_out);
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
  ASSERT_TRUE(add(queue, 2));
  EXPECT_EQ(queue.get_next_task(testing_support::far_ahead()).task.id, 2U);
}

// --- how long a thread sleeps that nobody wakes ------------------------------------------------

/// A condition variable that wakes nobody.
struct DeafCondition : std::condition_variable_any {
  void notify_one() noexcept {}
  void notify_all() noexcept {}
};
using DeafQueue = Nameless<std::mutex, ConditionSignal<std::mutex, DeafCondition>>;
static_assert(LooksAgain<DeafQueue> && !LooksAgain<LockedTaskQueue<std::mutex>>);

struct LongestSleep : testing_support::WatchedTest {};

TEST_F(LongestSleep, ends_a_wait_for_a_task_or_for_the_end_of_all_although_nobody_is_woken) {
  DeafQueue queue{limits};
  ASSERT_TRUE(add(queue, 1));
  std::jthread waiter{[&] {
    EXPECT_EQ(queue.get_next_task(testing_support::far_ahead()).outcome, TakeOutcome::task);
    EXPECT_EQ(queue.get_next_task(testing_support::far_ahead()).outcome, TakeOutcome::task);
    EXPECT_EQ(queue.complete_task(1), Transition::ok);
    EXPECT_EQ(queue.complete_task(2), Transition::ok);
  }};
  std::this_thread::sleep_for(5ms);
  ASSERT_TRUE(add(queue, 2));
  queue.join();
}

TEST_F(LongestSleep, may_be_as_long_as_a_deadline_or_for_ever) {
  DeafQueue queue{limits};
  queue.set_longest_sleep(until_woken);
  const auto deadline = testing_support::after(300ms);
  std::jthread adder{[&] {
    std::this_thread::sleep_for(20ms);
    ASSERT_TRUE(add(queue, 1));
  }};
  const auto result = queue.get_next_task(deadline);
  EXPECT_EQ(result.outcome, TakeOutcome::task) << "it looks once more at its deadline";
  EXPECT_GE(std::chrono::steady_clock::now(), deadline) << "it was to sleep until then";
}

}  // namespace
}  // namespace lockbench
