/// A notification comes between a waiter's check and its sleep, and so wakes nobody.

#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

/// Ends a sleep that nothing else would end; real code would sleep for ever.
constexpr std::chrono::milliseconds bound{4};

/// A condition that one thread waits for, and the notification that it has become true.
struct Signal {
  std::mutex mutex;
  std::condition_variable arrived;
  std::atomic<bool> ready{false};
  /// The time after the notification, since the clock's epoch; 0 = not yet.
  std::atomic<Clock::rep> notified{0};
};

/// The deadline that ended a sleep; nothing if the condition was seen without that.
using Sleep = std::optional<Clock::time_point>;

/// Sleeps until notified or until the deadline; returns true for the latter. Uses POSIX directly: the
/// library's wait_until decides by the clock, so it says that a thread timed out if it was woken in
/// time but ran late.
bool timed_out(Signal& signal, std::unique_lock<std::mutex>& guard, Clock::time_point deadline) {
  // The epoch of steady_clock is that of CLOCK_MONOTONIC on Linux.
  const auto until = to_timespec(deadline.time_since_epoch());
  return pthread_cond_clockwait(signal.arrived.native_handle(), guard.mutex()->native_handle(),
                                CLOCK_MONOTONIC, &until) == ETIMEDOUT;
}

/// Checks without the lock, then locks and sleeps. It misses a notification in between.
Sleep wait_wrong(Signal& signal) {
  while (!signal.ready.load()) {
    std::this_thread::yield();  // as may happen at any time
    std::unique_lock guard(signal.mutex);
    const auto deadline = Clock::now() + bound;
    if (timed_out(signal, guard, deadline) && signal.ready.load()) return deadline;
  }
  return {};
}

void notify_wrong(Signal& signal) {
  signal.ready.store(true);
  signal.arrived.notify_one();
}

/// Checks and falls asleep under the lock, which the condition variable unlocks as the sleep begins.
Sleep wait_right(Signal& signal) {
  std::unique_lock guard(signal.mutex);
  while (!signal.ready.load()) {
    std::this_thread::yield();
    const auto deadline = Clock::now() + bound;
    if (timed_out(signal, guard, deadline) && signal.ready.load()) return deadline;
  }
  return {};
}

void notify_right(Signal& signal) {
  {
    const std::scoped_lock guard(signal.mutex);
    signal.ready.store(true);
  }
  signal.arrived.notify_one();
}

/// Whether most of a sleep came after the notification. A notification just before the end of the sleep
/// may have been too late to end it.
bool slept_through(Sleep sleep, const Signal& signal) {
  const Clock::duration notified(signal.notified.load());
  return sleep && notified.count() != 0 && Clock::time_point(notified) < *sleep - bound / 2;
}

struct Lost {
  double count = 0;
  double delay_ms = 0;  ///< of all rounds together
};

template <class Wait, class Notify>
Lost play(std::uint32_t rounds, Wait wait, Notify notify) {
  Lost lost;
  std::minstd_rand random(1);
  for (std::uint32_t round = 0; round < rounds; ++round) {
    Signal signal;
    const std::chrono::nanoseconds lead(random() % 600);
    run_together(2, [&](std::uint32_t role) {
      if (role == 0) {
        const auto start = Clock::now();
        const auto sleep = wait(signal);
        const auto waited = Clock::now() - start;
        if (!slept_through(sleep, signal)) return;
        ++lost.count;
        lost.delay_ms += milliseconds(waited);
      } else {
        spin_for(lead);
        notify(signal);
        signal.notified = Clock::now().time_since_epoch().count();
      }
    });
  }
  return lost;
}

Shown run_lost_wakeup(std::uint32_t dose) {
  const std::uint32_t rounds = 500 * dose;
  const auto wrong = play(rounds, wait_wrong, notify_wrong);
  const auto right = play(rounds, wait_right, notify_right);
  const auto mean = [](const Lost& lost) {
    return lost.count > 0 ? lost.delay_ms / lost.count : 0;
  };
  return {
      .shown = wrong.count > 0 && right.count == 0,
      .readings = {{"slept_though_true", "waits that slept though it was true",
                    fmt::format("of {}", rounds), wrong.count, right.count},
                   {"lost_wait_ms", "such a wait, on average (bounded)", "ms", mean(wrong),
                    mean(right)}},
      .happened = fmt::format(
          "The waiter read a flag without the lock, saw false, yielded its CPU, locked and went to "
          "sleep. In between, the other thread set the flag and notified: nobody slept yet, so "
          "nobody was woken, and a condition variable does not remember notifications. Sleeps end "
          "after {} ms here; a plain wait() would never have ended.",
          bound.count())};
}

}  // namespace

Pitfall lost_wakeup() {
  return {.name = "lost-wakeup",
          .summary = "a notification comes between a waiter's check and its sleep",
          .rule =
              "Check the condition under the lock that you wait with, in a loop or by wait(lock, "
              "condition), and change it under the same lock, then notify.",
          .run = run_lost_wakeup};
}

}  // namespace lockbench::pitfalls
