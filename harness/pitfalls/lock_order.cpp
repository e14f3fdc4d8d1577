/// Two locks, taken in opposite orders by two threads: the smallest deadlock there is.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"
#include "harness/pitfalls/watched_locks.hpp"

namespace lockbench::pitfalls {
namespace {

/// The work of a thread between its two locks: long enough for the other to take its first lock.
constexpr std::chrono::microseconds work_between{500};
/// A cycle counts as a deadlock if it lasts this long.
constexpr std::chrono::milliseconds stuck_for{20};

/// Locks both and unlocks them. Returns how often it had to give up and try again.
using LockBoth = std::uint32_t (*)(WatchedLock& first, WatchedLock& second);

std::uint32_t one_after_the_other(WatchedLock& first, WatchedLock& second) {
  const std::scoped_lock holds_first(first);
  std::this_thread::sleep_for(work_between);
  const std::scoped_lock holds_second(second);
  return 0;
}

std::uint32_t both_at_once(WatchedLock& first, WatchedLock& second) {
  const std::scoped_lock holds_both(first, second);
  std::this_thread::sleep_for(work_between);
  return 0;
}

std::uint32_t with_a_timeout(WatchedLock& first, WatchedLock& second) {
  for (std::uint32_t given_up = 0;; ++given_up) {
    {
      const std::scoped_lock holds_first(first);
      std::this_thread::sleep_for(work_between);
      const std::unique_lock holds_second(second, std::chrono::milliseconds(1));
      if (holds_second.owns_lock()) return given_up;
    }
    // The threads wait for different times, or they would collide again.
    std::this_thread::sleep_for((first.thread() + 1) * work_between);
  }
}

/// What came of several rounds.
struct Rounds {
  double deadlocks = 0;
  std::string cycle;    ///< of the last deadlock
  double stuck_ms = 0;  ///< the longest
  double took_us = 0;   ///< on average
  double given_up = 0;
};

/// Waits until both threads are done, and breaks a deadlock that it sees.
void watch(WatchedLocks& locks, const std::atomic<std::uint32_t>& done, Rounds& rounds) {
  std::optional<Clock::time_point> seen;
  while (done.load() < 2) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    const auto cycle = locks.find_cycle();
    if (cycle.empty()) {
      seen.reset();
      continue;
    }
    if (!seen) seen = Clock::now();
    if (Clock::now() - *seen < stuck_for) continue;
    ++rounds.deadlocks;
    rounds.cycle = to_text(cycle);
    rounds.stuck_ms = std::max(rounds.stuck_ms, milliseconds(Clock::now() - *seen));
    locks.break_deadlock();
    return;
  }
}

Rounds play(std::uint32_t count, bool same_order, LockBoth lock_both) {
  Rounds all;
  std::atomic<std::uint32_t> given_up{0};
  for (std::uint32_t i = 0; i < count; ++i) {
    WatchedLocks locks(2, 2);
    std::atomic<std::uint32_t> done{0};
    const auto start = Clock::now();
    const std::jthread watcher([&] { watch(locks, done, all); });
    run_together(2, [&](std::uint32_t thread) {
      std::array own{WatchedLock(locks, thread, 0), WatchedLock(locks, thread, 1)};
      const std::size_t first = same_order ? 0 : thread;
      try {
        given_up += lock_both(own[first], own[1 - first]);
      } catch (const DeadlockBroken&) {
        // The guards have unlocked.
      }
      ++done;
    });
    all.took_us += microseconds(Clock::now() - start) / count;
  }
  all.given_up = given_up;
  return all;
}

Shown run_lock_order(std::uint32_t dose) {
  const std::uint32_t count = 20 * dose;
  const auto opposite = play(count, false, one_after_the_other);
  const auto ordered = play(count, true, one_after_the_other);
  const auto scoped = play(count, false, both_at_once);
  const auto timed = play(count, false, with_a_timeout);
  const auto unit = fmt::format("of {}", count);
  Shown result;
  result.shown =
      opposite.deadlocks > 0 && ordered.deadlocks + scoped.deadlocks + timed.deadlocks == 0;
  result.readings = {
      {"deadlocks", "deadlocks; cure: one order for all", unit, opposite.deadlocks,
       ordered.deadlocks},
      {"deadlocks_scoped_lock", "cure: std::scoped_lock takes both", unit, {}, scoped.deadlocks},
      {"deadlocks_timeout", "cure: a timeout, unlock, try again", unit, {}, timed.deadlocks},
      {"stuck_ms", "stuck, until it was broken from outside", "ms", opposite.stuck_ms, {}},
      {"round_us", "a round of both threads, one order", "us", opposite.took_us, ordered.took_us},
      {"round_scoped_lock_us", "… std::scoped_lock", "us", {}, scoped.took_us},
      {"round_timeout_us", "… a timeout", "us", {}, timed.took_us},
      {"given_up_timeout", "… and how often one gave up", "times", {}, timed.given_up}};
  result.happened = fmt::format(
      "Thread 1 locked A and then B, thread 2 locked B and then A. The locks record which thread "
      "holds and which awaits them; a cycle in that graph is a deadlock: {}. Neither thread would "
      "ever have gone on.",
      opposite.cycle.empty() ? "none was seen" : opposite.cycle);
  return result;
}

}  // namespace

Pitfall lock_order() {
  return {.name = "lock-order",
          .summary = "two threads lock the same two locks in opposite orders",
          .rule =
              "Define one order of all locks and always lock in that order; or lock those you need "
              "by one std::scoped_lock. A timeout works too, but only if the thread unlocks "
              "everything, and each collision costs time.",
          .run = run_lock_order};
}

}  // namespace lockbench::pitfalls
