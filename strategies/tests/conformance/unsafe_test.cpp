/// Strategies that are only right on one thread are still safe to run on several: results may be
/// wrong, the process may not crash or hang.

#include <atomic>
#include <random>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

using namespace std::chrono_literals;

constexpr bool is_racy(const StrategyTraits& traits) {
  return traits.conformance == Conformance::single_threaded;
}

template <class Q>
struct Racy : WatchedTest {};
TYPED_TEST_SUITE(Racy, StrategiesWhere<is_racy>, StrategyName);

/// One call drawn at random. Payloads are not read: another thread may own that place by then.
void call_something(TaskQueue auto& queue, std::minstd_rand& draw) {
  const TaskId id = draw() % 200;
  switch (draw() % 8) {
    case 0:
    case 1: (void)queue.add_task(id, static_cast<int>(draw() % 8), bytes_of("racy")); break;
    case 2: (void)queue.cancel_task(id); break;
    case 3: (void)queue.complete_task(id); break;
    case 4: (void)queue.forget_task(id); break;
    case 5: (void)queue.get_status(id); break;
    case 6: (void)queue.size(); break;
    default: {
      const auto result = queue.get_next_task(after(10us));
      if (result.outcome != TakeOutcome::task) break;
      (void)queue.complete_task(result.task.id);
      (void)queue.forget_task(result.task.id);
    }
  }
}

TYPED_TEST(Racy, neither_crashes_nor_hangs_on_four_threads) {
  const auto end = after(100ms);
  std::atomic<std::uint64_t> calls{0};
  TypeParam queue{limits};
  together(4, [&](unsigned member) {
    std::minstd_rand draw{member + 1};
    while (std::chrono::steady_clock::now() < end) {
      call_something(queue, draw);
      ++calls;
    }
  });
  queue.shutdown(ShutdownMode::discard);
  queue.join();  // though updates were lost
  EXPECT_GT(calls, 0U);
}

TYPED_TEST(Racy, survives_a_shutdown_under_load) {
  for (std::uint64_t round = 0; round < scaled(200); ++round) {
    TypeParam queue{limits};
    together(4, [&](unsigned member) {
      std::minstd_rand draw{member + 1};
      for (int i = 0; i < 100; ++i) call_something(queue, draw);
      if (member == 0) queue.shutdown(round % 2 == 0 ? ShutdownMode::drain : ShutdownMode::discard);
    });
  }
}

}  // namespace
}  // namespace lockbench::testing_support
