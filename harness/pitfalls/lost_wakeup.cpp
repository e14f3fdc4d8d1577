/// A notification that comes between a waiter's look and its sleep, and so wakes nobody.

#include <fmt/format.h>
#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "harness/pitfalls/crew.hpp"
#include "harness/pitfalls/registry.hpp"

namespace lockbench::pitfalls {
namespace {

/// Ends a sleep that nobody would end; real code would sleep on.
constexpr std::chrono::milliseconds bound{4};

/// What one thread tells another: a condition, and a word that it has come true.
struct Signal {
  std::mutex mutex;
  std::condition_variable arrived;
  std::atomic<bool> ready{false};
  /// When the notification had been given, since the clock's epoch; 0 = not yet.
  std::atomic<Clock::rep> notified{0};
};

/// The deadline of a sleep that ended by it; nothing when the condition was seen otherwise.
using Sleep = std::optional<Clock::time_point>;

/// Sleeps until notified, or the bound; true for the latter. Asks POSIX itself: the library's
/// wait_until tells the two apart by the clock, and so takes a thread that was woken in time, but
/// was late to run, for one that nobody woke.
bool timed_out(Signal& signal, std::unique_lock<std::mutex>& guard, Clock::time_point deadline) {
  // The epoch of steady_clock is that of CLOCK_MONOTONIC on Linux.
  const auto whole = std::chrono::floor<std::chrono::seconds>(deadline.time_since_epoch());
  const std::chrono::nanoseconds rest = deadline.time_since_epoch() - whole;
  const timespec until{.tv_sec = whole.count(), .tv_nsec = rest.count()};
  return pthread_cond_clockwait(signal.arrived.native_handle(), guard.mutex()->native_handle(),
                                CLOCK_MONOTONIC, &until) == ETIMEDOUT;
}

/// Looks without the lock, and sleeps with it. In between it is deaf.
Sleep wait_wrong(Signal& signal) {
  while (!signal.ready.load()) {
    std::this_thread::yield();  // as may happen to it at any time
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

/// Looks and falls asleep under the lock, which the condition variable gives up with the sleep.
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

/// Whether a sleep went on for most of its length after the notification had been given. One that
/// was given just before the end may have come too late for good reason.
bool slept_through(Sleep sleep, const Signal& signal) {
  if (!sleep) return false;
  const auto notified = signal.notified.load();
  if (notified == 0) return false;
  return Clock::time_point(Clock::duration(notified)) < *sleep - bound / 2;
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
      .measures = {{.key = "slept_though_true",
                    .label = "waits that slept though it was true",
                    .unit = fmt::format("of {}", rounds),
                    .wrong = wrong.count,
                    .right = right.count},
                   {.key = "lost_wait_ms",
                    .label = "such a wait, on average (bounded)",
                    .unit = "ms",
                    .wrong = mean(wrong),
                    .right = mean(right)}},
      .happened = fmt::format(
          "The waiter looked at a flag without the lock, saw false, yielded its CPU, locked and "
          "went to sleep. In between the other thread set the flag and notified: nobody slept yet, "
          "so nobody was woken, and condition variables keep no memory of it. Sleeps end after {} "
          "ms here; a plain wait() would not have ended.",
          bound.count())};
}

}  // namespace

Pitfall lost_wakeup() {
  return {.name = "lost-wakeup",
          .summary = "a notification comes between a waiter's look and its sleep",
          .rule =
              "Look at the condition under the lock that you wait with, in a loop or by "
              "wait(lock, condition), and change it under the same lock, then notify.",
          .run = run_lost_wakeup};
}

}  // namespace lockbench::pitfalls
