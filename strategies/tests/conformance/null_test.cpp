/// What `null` does: agree to everything at once and store nothing, until it is shut down. A
/// workload on it runs its whole loop, so what is measured is the harness.

#include "strategies/null.hpp"

#include <stdexcept>

#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench::testing_support {
namespace {

TEST(NullTaskQueue, is_left_out_of_every_conformance_test) {
  static_assert(!stores_tasks(NullTaskQueue::traits));
  static_assert(!is_thread_safe(NullTaskQueue::traits));
}

TEST(NullTaskQueue, agrees_to_everything_and_keeps_nothing) {
  NullTaskQueue queue{limits};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(queue.add_task(1, 0, bytes_of("anything")), AddResult::added);
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_TRUE(queue.try_get_next_task());
    EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task);
    EXPECT_EQ(queue.complete_task(1), Transition::ok);
    EXPECT_EQ(queue.cancel_task(1), Transition::ok);
    EXPECT_EQ(queue.forget_task(1), Transition::ok);
  }
  queue.join();
}

TEST(NullTaskQueue, brings_every_loop_to_an_end_once_shut_down) {
  for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
    NullTaskQueue queue{limits};
    queue.shutdown(mode);
    EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::shut_down);
    EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
    EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
    queue.join();
  }
}

TEST(NullTaskQueue, refuses_the_limits_that_every_strategy_refuses) {
  EXPECT_THROW(NullTaskQueue{QueueLimits{.capacity = 0}}, std::invalid_argument);
}

}  // namespace
}  // namespace lockbench::testing_support
