/// A thread waits for a lock that it holds itself.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/metrics/statistics.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/posix_mutex.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::chrono::milliseconds deadlock_patience{50};

/// Locks as a public call does that calls another one, `calls` times. Returns how often the inner lock
/// failed.
template <class Enter>
double count_reentries(PosixMutex& mutex, std::uint32_t calls, Enter inner_lock_fails) {
  double failed = 0;
  for (std::uint32_t i = 0; i < calls; ++i) {
    const std::scoped_lock outer(mutex);
    if (inner_lock_fails(mutex)) {
      ++failed;
    } else {
      mutex.unlock();
    }
  }
  return failed;
}

struct Reentries {
  double hung = 0;
  double hung_ms = 0;  ///< the shortest
  double reported = 0;
  double recursive_hung = 0;
};

Reentries reenter(std::uint32_t calls) {
  Reentries seen{.hung_ms = 1e9};
  PosixMutex normal(PTHREAD_MUTEX_NORMAL);
  seen.hung = count_reentries(normal, calls, [&](PosixMutex& mutex) {
    const auto start = Clock::now();
    const bool timed_out = mutex.lock_within(deadlock_patience) == ETIMEDOUT;
    seen.hung_ms = std::min(seen.hung_ms, milliseconds(Clock::now() - start));
    return timed_out;
  });
  PosixMutex checking(PTHREAD_MUTEX_ERRORCHECK);
  seen.reported = count_reentries(
      checking, calls, [](PosixMutex& mutex) { return mutex.lock_or_error() == EDEADLK; });
  PosixMutex recursive(PTHREAD_MUTEX_RECURSIVE);
  seen.recursive_hung = count_reentries(recursive, calls, [](PosixMutex& mutex) {
    return mutex.lock_within(deadlock_patience) != 0;
  });
  return seen;
}

/// Returns the CPU time, in ns, of a call that locks `depth` times and unlocks as often.
template <class Mutex>
double call_ns(std::uint32_t calls, unsigned depth) {
  Mutex mutex;
  const auto start = cpu_time();
  for (std::uint32_t i = 0; i < calls; ++i) {
    for (unsigned level = 0; level < depth; ++level) mutex.lock();
    for (unsigned level = 0; level < depth; ++level) mutex.unlock();
  }
  return static_cast<double>((cpu_time() - start).count()) / calls;
}

/// Times of rounds in which the three take turns, so that changes of the clock rate hit all.
struct LockCosts {
  std::vector<double> split_ns;      ///< a mutex, and an inner function that expects it to be held
  std::vector<double> recursive_ns;  ///< a recursive mutex, locked once
  std::vector<double> nested_ns;     ///< locked twice, as a re-entering call does
};

LockCosts measure_costs(std::uint32_t calls) {
  constexpr int rounds = 15;
  LockCosts costs;
  // On a second thread: glibc locks without atomic operations while a process has only one.
  std::jthread([&] {
    for (int round = 0; round < rounds; ++round) {
      costs.split_ns.push_back(call_ns<std::mutex>(calls, 1));
      costs.recursive_ns.push_back(call_ns<std::recursive_mutex>(calls, 1));
      costs.nested_ns.push_back(call_ns<std::recursive_mutex>(calls, 2));
    }
  }).join();
  return costs;
}

Shown run_self_deadlock(std::uint32_t dose) {
  const std::uint32_t calls = 10 * dose;
  const auto seen = reenter(calls);
  const auto costs = measure_costs(100'000 * dose);
  const double split_ns = median(costs.split_ns);
  const double nested_ns = median(costs.nested_ns);
  const auto unit = fmt::format("of {}", calls);
  Shown result;
  result.shown = seen.hung == calls && seen.reported == calls && seen.recursive_hung == 0;
  result.readings = {
      {"hung", "calls that hung; cure: recursive", unit, seen.hung, seen.recursive_hung},
      {"hung_ms", "each of them, until it timed out", "ms", seen.hung_ms, {}},
      {"reported", "found by an error-checking mutex", unit, seen.reported, {}},
      {"split_ns", "a call: mutex, inner part without lock", "ns", {}, split_ns},
      {"recursive_ns", "… recursive_mutex, locked once", "ns", {}, median(costs.recursive_ns)},
      {"nested_ns", "… recursive_mutex, locked twice", "ns", {}, nested_ns},
      {"nested_cost", "recursive, twice, against the mutex", "times", {}, nested_ns / split_ns}};
  result.happened = fmt::format(
      "A call that holds a mutex called another that locks the same one. The thread waits for "
      "itself: on a plain mutex for ever (here {} ms); an error-checking one returns EDEADLK. A "
      "recursive mutex counts the locks of its owner and lets it in; the table shows what that "
      "costs without contention, measured in turns.",
      deadlock_patience.count());
  return result;
}

}  // namespace

Pitfall self_deadlock() {
  return {.name = "self-deadlock",
          .summary = "a thread locks a mutex that it holds already",
          .rule =
              "Public functions lock and call private ones that expect the lock to be held; these "
              "never lock. A recursive mutex avoids the hang, but costs more, and a condition "
              "variable that waits under it releases only one level.",
          .run = run_self_deadlock};
}

}  // namespace lockbench::pitfalls
