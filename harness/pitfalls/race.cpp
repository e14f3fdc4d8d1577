/// A lost update and a double hand-out, by threads that share data without a lock.
///
/// Each word is an atomic that is loaded and stored in two steps. So this is the race that a plain
/// integer has in hardware, without the undefined behaviour that it has in the language.

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"
#include "strategies/mutex.hpp"
#include "strategies/unsafe.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::uint32_t runs = 10;
constexpr std::array team_sizes{2U, 4U, 8U};

/// Whether the counter missed one of the increments.
bool counter_breaks(std::uint32_t threads, std::uint32_t increments, bool locked) {
  std::atomic<std::uint64_t> counter{0};
  std::mutex mutex;
  const auto increment = [&counter, increments](std::uint32_t i) {
    const auto seen = counter.load(std::memory_order_relaxed);
    // Each thread yields its CPU once in a run, as may happen at any time: on a single CPU, no other
    // thread would run in between otherwise.
    if (i == increments / 2) std::this_thread::yield();
    counter.store(seen + 1, std::memory_order_relaxed);
  };
  run_together(threads, [&](std::uint32_t /*index*/) {
    for (std::uint32_t i = 0; i < increments; ++i) {
      std::unique_lock guard(mutex, std::defer_lock);
      if (locked) guard.lock();
      increment(i);
    }
  });
  return counter.load() != std::uint64_t{threads} * increments;
}

/// Whether the queue handed one of its tasks to two threads, or twice to one.
template <class Queue>
bool queue_breaks(std::uint32_t threads, std::uint32_t tasks) {
  Queue queue(QueueLimits{.capacity = tasks, .payload_bytes = 0});
  for (TaskId id = 0; id < tasks; ++id) (void)queue.add_task(id, 0, {});
  std::vector<std::atomic<std::uint32_t>> times_taken(tasks);
  std::atomic<bool> twice{false};
  run_together(threads, [&](std::uint32_t /*index*/) {
    // Bounded: a queue that hands out tasks twice may do so for ever.
    for (std::uint32_t takes = 0; takes < tasks; ++takes) {
      const auto task = queue.try_get_next_task();
      if (!task) return;
      if (times_taken[task->id].fetch_add(1, std::memory_order_relaxed) > 0) twice = true;
    }
  });
  return twice;
}

template <class Breaks>
double broken_of(Breaks breaks) {
  double broken = 0;
  for (std::uint32_t run = 0; run < runs; ++run) broken += breaks() ? 1 : 0;
  return broken;
}

Shown run_race(std::uint32_t dose) {
  const std::uint32_t increments = 10'000 * dose;
  const std::uint32_t tasks = 2'000 * dose;
  const auto unit = fmt::format("of {} runs", runs);
  Shown result{.shown = true};
  for (const auto threads : team_sizes) {
    result.readings.push_back(
        {fmt::format("counter_broken_{}_threads", threads),
         fmt::format("counter wrong, {} threads", threads), unit,
         broken_of([&] { return counter_breaks(threads, increments, false); }),
         broken_of([&] { return counter_breaks(threads, increments, true); })});
  }
  for (const auto threads : team_sizes) {
    result.readings.push_back(
        {fmt::format("handed_out_twice_{}_threads", threads),
         fmt::format("a task handed out twice, {} threads", threads), unit,
         broken_of([&] { return queue_breaks<UnsafeTaskQueue>(threads, tasks); }),
         broken_of([&] { return queue_breaks<MutexTaskQueue>(threads, tasks); })});
  }
  for (const auto& reading : result.readings) {
    result.shown = result.shown && *reading.wrong > 0 && *reading.right == 0;
  }
  result.happened = fmt::format(
      "Each thread added 1 to one counter {} times: load, add, store, once with a yield in "
      "between. That overwrote what other threads had stored meanwhile. Then the threads emptied a "
      "queue of {} tasks that has no lock (the strategy unsafe): two threads saw the same task on "
      "top before either had removed it. The right forms are the same under a std::mutex (the "
      "strategy mutex).",
      increments, tasks);
  return result;
}

}  // namespace

Pitfall race() {
  return {.name = "race",
          .summary = "threads change a counter and a queue without a lock",
          .rule =
              "Data that several threads use, and at least one changes, needs one lock that each "
              "holds for a whole change and for a whole look. A single counter may be an atomic "
              "that adds in one step (fetch_add).",
          .run = run_race};
}

}  // namespace lockbench::pitfalls
