/// An exception is thrown between lock and unlock.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::chrono::milliseconds patience{10};

struct Outcome {
  std::uint32_t timed_out = 0;
  double longest_wait_ms = 0;
};

[[noreturn]] void job_that_fails() {
  throw std::runtime_error("the job failed");
}

/// One thread's job fails; then another thread tries to lock `attempts` times. The job returns whether
/// it keeps the lock.
template <class FailingJob>
Outcome others_after(FailingJob failing_job, std::uint32_t attempts) {
  std::timed_mutex mutex;
  std::atomic<bool> failed{false};
  std::atomic<bool> over{false};
  // The thread must not end yet: ending while it holds the lock is undefined.
  std::jthread thrower([&] {
    const bool keeps_the_lock = failing_job(mutex);
    failed = true;
    failed.notify_one();
    over.wait(false);
    if (keeps_the_lock) mutex.unlock();  // so that the demonstration itself ends well
  });
  failed.wait(false);
  Outcome outcome;
  for (std::uint32_t i = 0; i < attempts; ++i) {
    const auto start = Clock::now();
    if (mutex.try_lock_for(patience)) {
      mutex.unlock();
    } else {
      ++outcome.timed_out;
    }
    outcome.longest_wait_ms = std::max(outcome.longest_wait_ms, milliseconds(Clock::now() - start));
  }
  over = true;
  over.notify_one();
  return outcome;
}

bool fails_and_keeps_the_lock(std::timed_mutex& mutex) {
  bool holds = false;
  try {
    mutex.lock();
    holds = true;
    job_that_fails();
    mutex.unlock();  // never reached
    holds = false;
  } catch (const std::runtime_error&) {
    // The error seems to be handled, and the thread goes on.
  }
  return holds;
}

bool fails_and_unlocks(std::timed_mutex& mutex) {
  try {
    const std::scoped_lock guard(mutex);
    job_that_fails();
  } catch (const std::runtime_error&) {
    return false;  // the guard has unlocked
  }
  return true;
}

Shown run_forgotten_unlock(std::uint32_t dose) {
  const std::uint32_t attempts = 20 * dose;
  const auto wrong = others_after(fails_and_keeps_the_lock, attempts);
  const auto right = others_after(fails_and_unlocks, attempts);
  return {.shown = wrong.timed_out == attempts && right.timed_out == 0,
          .readings = {{"timed_out", "attempts to lock that timed out",
                        fmt::format("of {}", attempts), wrong.timed_out, right.timed_out},
                       {"longest_wait_ms", "longest wait for the lock", "ms", wrong.longest_wait_ms,
                        right.longest_wait_ms}},
          .happened = fmt::format(
              "A thread locked, and its job threw an exception before the unlock. The exception "
              "was caught and the thread went on, but nobody unlocked. Another thread then tried "
              "to lock {} times. It waited {} ms each time, since this demonstration has to end; "
              "with lock() it would wait for ever.",
              attempts, patience.count())};
}

}  // namespace

Pitfall forgotten_unlock() {
  return {.name = "forgotten-unlock",
          .summary = "an exception skips the unlock",
          .rule =
              "Never call unlock() yourself. Let a guard on the stack own the lock "
              "(std::scoped_lock, std::unique_lock): its destructor unlocks on every way out, by "
              "return, break or exception.",
          .run = run_forgotten_unlock};
}

}  // namespace lockbench::pitfalls
