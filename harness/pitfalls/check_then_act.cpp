/// A check and the act that relies on it, each under the lock, but not both at once.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

/// The time that a thread takes between the check and the act.
constexpr std::chrono::microseconds preparation{1};

/// Which tasks have been started. Every call is thread-safe by itself; two calls together are not.
class StatusBoard {
public:
  explicit StatusBoard(std::size_t tasks) : started_(tasks) {}

  [[nodiscard]] bool is_queued(std::size_t task) {
    const std::scoped_lock guard(mutex_);
    return !started_[task];
  }
  void start(std::size_t task) {
    const std::scoped_lock guard(mutex_);
    started_[task] = true;
  }
  /// Checks and acts in one step: returns true to exactly one caller.
  [[nodiscard]] bool start_if_queued(std::size_t task) {
    const std::scoped_lock guard(mutex_);
    if (started_[task]) return false;
    started_[task] = true;
    return true;
  }

private:
  std::mutex mutex_;
  std::vector<bool> started_;
};

/// Returns how many tasks were started more than once.
template <class StartOnce>
double started_twice(std::uint32_t threads, std::uint32_t tasks, StartOnce start_once) {
  StatusBoard board(tasks);
  std::vector<std::atomic<std::uint32_t>> starts(tasks);
  run_together(threads, [&](std::uint32_t /*index*/) {
    for (std::uint32_t task = 0; task < tasks; ++task) {
      if (start_once(board, task)) starts[task].fetch_add(1, std::memory_order_relaxed);
    }
  });
  return static_cast<double>(
      std::ranges::count_if(starts, [](const auto& count) { return count.load() > 1; }));
}

Shown run_check_then_act(std::uint32_t dose) {
  const std::uint32_t tasks = 10'000 * dose;
  // From the second dose on, the thread yields its CPU in between, as may happen at any time.
  const bool gives_way = dose > 1;
  const auto get_ready = [gives_way] {
    spin_for(preparation);
    if (gives_way) std::this_thread::yield();
  };
  const auto check_then_start = [get_ready](StatusBoard& board, std::size_t task) {
    if (!board.is_queued(task)) return false;
    get_ready();
    board.start(task);
    return true;
  };
  const auto start_checked = [get_ready](StatusBoard& board, std::size_t task) {
    get_ready();
    return board.start_if_queued(task);
  };
  Shown result{.shown = true};
  for (const std::uint32_t threads : {2U, 4U, 8U}) {
    result.readings.push_back({fmt::format("started_twice_{}_threads", threads),
                               fmt::format("tasks started twice, {} threads", threads),
                               fmt::format("of {}", tasks),
                               started_twice(threads, tasks, check_then_start),
                               started_twice(threads, tasks, start_checked)});
    const auto& reading = result.readings.back();
    result.shown = result.shown && *reading.wrong > 0 && *reading.right == 0;
  }
  result.happened = fmt::format(
      "Threads went through {} tasks and started each one that was still queued. Every call "
      "locked, but between \"is it queued?\" and \"start it\" each thread spent {} us{} without "
      "the lock: another thread asked, got the same answer, and both started the task. The right "
      "form asks and starts within one call.",
      tasks, preparation.count(), gives_way ? " and yielded its CPU" : "");
  return result;
}

}  // namespace

Pitfall check_then_act() {
  return {.name = "check-then-act",
          .summary = "a check is relied on after its lock was released",
          .rule =
              "What a check found is true only while its lock is held. Check and act under one "
              "lock, and offer that as one call that says whether it happened (start_if_queued, "
              "not is_queued and start).",
          .run = run_check_then_act};
}

}  // namespace lockbench::pitfalls
