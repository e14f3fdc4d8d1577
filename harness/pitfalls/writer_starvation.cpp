/// A stream of readers keeps a writer out of a read-write lock.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"
#include "strategies/rwlock.hpp"
#include "strategies/rwlock_writer.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::uint32_t readers = 8;
constexpr std::chrono::microseconds read_time{200};
constexpr std::chrono::milliseconds between_writes{2};

struct Starvation {
  double writes = 0;
  double longest_ms = 0;  ///< of the writer's calls
  double reads_per_s = 0;
};

/// One thread adds tasks while others read a status all the time.
template <class Queue>
Starvation play(Clock::duration window) {
  Queue queue;
  // The next reader always enters before the last leaves. Readers sleep, so that the writer does not
  // wait for a CPU.
  queue.set_critical_section([]() noexcept { std::this_thread::sleep_for(read_time); });
  (void)queue.add_task(0, 0, {});
  std::atomic<std::uint64_t> reads{0};
  Starvation outcome;
  const auto write = [&](const std::atomic<bool>& running) {
    for (TaskId id = 1; running.load(std::memory_order_relaxed); ++id) {
      std::this_thread::sleep_for(between_writes);  // first, so that the readers are there
      const auto start = Clock::now();
      (void)queue.add_task(id, 0, {});
      outcome.longest_ms = std::max(outcome.longest_ms, milliseconds(Clock::now() - start));
      // A write that succeeds only because the readers have stopped does not count.
      if (running.load(std::memory_order_relaxed)) ++outcome.writes;
    }
  };
  const auto read = [&](const std::atomic<bool>& running) {
    std::uint64_t own = 0;
    for (; running.load(std::memory_order_relaxed); ++own) (void)queue.get_status(0);
    reads += own;
  };
  const auto took =
      run_for(window, readers + 1, [&](std::uint32_t index, const std::atomic<bool>& running) {
        index == readers ? write(running) : read(running);
      });
  outcome.reads_per_s = static_cast<double>(reads.load()) / seconds(took);
  outcome.writes /= seconds(took);
  return outcome;
}

Shown run_writer_starvation(std::uint32_t dose) {
  const auto window = std::chrono::milliseconds(500) * dose;
  const auto wrong = play<RwlockTaskQueue>(window);
  const auto right = play<RwlockWriterTaskQueue>(window);
  constexpr double clearly = 5;
  return {.shown = right.writes >= clearly && right.writes >= clearly * wrong.writes,
          .readings = {{"writes_per_s", "writes", "a second", wrong.writes, right.writes},
                       {"longest_write_ms", "longest wait of the writer", "ms", wrong.longest_ms,
                        right.longest_ms},
                       {"reads_per_s", "reads, all readers together", "a second", wrong.reads_per_s,
                        right.reads_per_s}},
          .happened = fmt::format(
              "{} threads read a status all the time, {} us each (a sleep under the lock, which "
              "readers share), and one added a task every {} ms, for {} ms. Wrong: "
              "std::shared_mutex (the strategy rwlock), which on glibc admits readers as long as "
              "one is inside; the next enters before the last has left, and the writer waits. "
              "Right: new readers wait while a writer waits (rwlock_writer).",
              readers, read_time.count(), between_writes.count(),
              std::chrono::duration_cast<std::chrono::milliseconds>(window).count())};
}

}  // namespace

Pitfall writer_starvation() {
  return {.name = "writer-starvation",
          .summary = "a stream of readers keeps a writer out of a read-write lock",
          .rule =
              "Know which side your read-write lock prefers. If readers may come without a pause, "
              "use one that holds new readers back while a writer waits, or a mutex; and keep "
              "reads under the lock short.",
          .run = run_writer_starvation};
}

}  // namespace lockbench::pitfalls
