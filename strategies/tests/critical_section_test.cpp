/// Work under the lock: once an operation, by one thread at a time where the lock is exclusive.

#include "strategies/storage/critical_section.hpp"

#include <atomic>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

using namespace std::chrono_literals;

static_assert(!HasCriticalSection<BoostLockfreeTaskQueue>);
static_assert(!HasCriticalSection<MoodycamelTaskQueue>);
static_assert(!HasCriticalSection<MoodycamelBlockingTaskQueue>);
static_assert(!HasCriticalSection<UnsafeTaskQueue>, "it holds no lock");
static_assert(!HasCriticalSection<NullTaskQueue>);
static_assert(HasCriticalSection<MutexTaskQueue>);

template <class... Qs>
auto those_with_work(StrategyList<Qs...>) {
  return std::tuple_cat(std::conditional_t<HasCriticalSection<Qs>,  //
                                           std::tuple<std::type_identity<Qs>>, std::tuple<>>{}...);
}
using Locking = decltype(as_test_types(those_with_work(Strategies{})));

/// What the work has seen; it takes no arguments.
std::atomic<unsigned> times_done{0};
std::atomic<int> inside{0};
std::atomic<int> most_inside{0};

void count() noexcept {
  ++times_done;
}

void note_company(int company) noexcept {
  for (int most = most_inside; company > most;) {
    if (most_inside.compare_exchange_weak(most, company)) return;
  }
}

/// Stays long enough for others to come in, if they can.
void linger() noexcept {
  note_company(++inside);
  for (int i = 0; i < 3; ++i) std::this_thread::yield();
  --inside;
}

/// Stays until two are inside, or it has taken too long for them not to be kept apart.
void await_company() noexcept {
  note_company(++inside);
  (void)eventually([] { return most_inside >= 2; });
  --inside;
}

template <class Q>
struct CriticalSections : WatchedTest {
  CriticalSections() {
    times_done = 0;
    inside = 0;
    most_inside = 0;
  }

  /// How often the work is done by `operation`.
  static unsigned times_in(auto&& operation) {
    const unsigned before = times_done;
    operation();
    return times_done - before;
  }
};
TYPED_TEST_SUITE(CriticalSections, Locking, StrategyName);

TYPED_TEST(CriticalSections, the_work_is_done_once_an_operation_that_succeeds) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  EXPECT_EQ(this->times_in([&] { EXPECT_TRUE(add(queue, 1)); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(take(queue), 1U); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.get_status(1), TaskStatus::processing); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.complete_task(1), Transition::ok); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.forget_task(1), Transition::ok); }), 1U);
  ASSERT_TRUE(add(queue, 2));
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.cancel_task(2), Transition::ok); }), 1U);
  ASSERT_TRUE(add(queue, 3));
  EXPECT_EQ(this->times_in(
                [&] { EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task); }),
            1U);
}

TYPED_TEST(CriticalSections, the_work_is_done_once_an_operation_that_is_refused) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(take(queue), std::nullopt); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.get_status(1), TaskStatus::unknown); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.complete_task(1), Transition::unknown); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.cancel_task(1), Transition::unknown); }), 1U);
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.forget_task(1), Transition::unknown); }), 1U);
  ASSERT_TRUE(add(queue, 1));
  EXPECT_EQ(this->times_in([&] { EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::duplicate); }), 1U);
}

TYPED_TEST(CriticalSections, a_take_that_looks_many_times_does_the_work_once) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  EXPECT_EQ(this->times_in([&] {
    EXPECT_EQ(queue.get_next_task(after(5ms)).outcome, TakeOutcome::timed_out);
  }),
            1U);
  queue.shutdown(ShutdownMode::drain);
  EXPECT_EQ(this->times_in([&] {
    EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
  }),
            1U);
}

TYPED_TEST(CriticalSections, a_take_that_has_waited_for_its_task_does_the_work_once) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  std::jthread waiter{
      [&] { EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task); }};
  std::this_thread::sleep_for(5ms);  // most likely it waits by now; right either way
  ASSERT_TRUE(add(queue, 1));
  waiter.join();
  EXPECT_EQ(times_done, 2U) << "the add and the take";
}

TYPED_TEST(CriticalSections, size_join_and_shutdown_do_no_work) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  EXPECT_EQ(queue.size(), 0U);
  queue.join();
  queue.shutdown(ShutdownMode::discard);
  EXPECT_EQ(times_done, 0U);
}

TYPED_TEST(CriticalSections, work_that_was_taken_away_is_not_done) {
  TypeParam queue{limits};
  queue.set_critical_section(count);
  queue.set_critical_section(nullptr);
  EXPECT_TRUE(add(queue, 1));
  EXPECT_EQ(take(queue), 1U);
  EXPECT_TRUE(finish(queue, 1));
  EXPECT_EQ(times_done, 0U);
}

TYPED_TEST(CriticalSections, work_of_one_queue_is_not_done_by_another) {
  TypeParam with{limits};
  with.set_critical_section(count);
  TypeParam without{limits};
  EXPECT_TRUE(add(without, 1));
  EXPECT_EQ(times_done, 0U);
}

// Two tests, since a queue may have a lock for each half of its operations.

TYPED_TEST(CriticalSections, threads_that_add_and_take_work_one_at_a_time) {
  TypeParam queue{{.capacity = 4096, .payload_bytes = 0}};
  queue.set_critical_section(linger);
  together(4, [&](unsigned member) {
    for (TaskId i = 0; i < scaled(200); ++i) {
      EXPECT_TRUE(add(queue, TaskId{member} * 1000 + i));
      (void)take(queue);  // both may find nothing, where another was quicker
      (void)queue.get_next_task(Deadline::min());
    }
  });
  EXPECT_EQ(most_inside, 1);
}

TYPED_TEST(CriticalSections, threads_that_end_tasks_work_one_at_a_time) {
  TypeParam queue{{.capacity = 4096, .payload_bytes = 0}};
  const TaskId each = scaled(200);
  for (TaskId id = 0; id < 8 * each; ++id) ASSERT_TRUE(add(queue, id, -static_cast<int>(id)));
  for (TaskId id = 0; id < 4 * each; ++id) ASSERT_EQ(take(queue), id);
  queue.set_critical_section(linger);
  together(4, [&](unsigned member) {
    for (TaskId id = member * each; id < (member + 1) * each; ++id) {
      EXPECT_TRUE(finish(queue, id));
      EXPECT_TRUE(cancel_and_forget(queue, 4 * each + id));
    }
  });
  EXPECT_EQ(most_inside, 1);
}

template <class Q>
struct SharedCriticalSections : CriticalSections<Q> {};
using Sharing = testing::Types<RwlockTaskQueue, RwlockWriterTaskQueue>;
TYPED_TEST_SUITE(SharedCriticalSections, Sharing, StrategyName);

TYPED_TEST(SharedCriticalSections, threads_that_read_work_side_by_side) {
  TypeParam queue{limits};
  queue.set_critical_section(await_company);
  together(2, [&](unsigned /*member*/) { EXPECT_EQ(queue.get_status(1), TaskStatus::unknown); });
  EXPECT_EQ(most_inside, 2);
}

}  // namespace
}  // namespace lockbench::testing_support
