#pragma once

/// What directed tests of planted bugs are made of: one thread or two, and the one interleaving that
/// shows the mistake, which the sound queue survives.

#include <sched.h>

#include <array>
#include <chrono>
#include <future>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#include "strategies/storage/longest_sleep.hpp"
#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/mutants/registry.hpp"

namespace lockbench::mutants {

using namespace std::chrono_literals;
using testing_support::add;
using testing_support::far_ahead;
using testing_support::limits;
using testing_support::take;

#if defined(__SANITIZE_THREAD__)
constexpr bool under_thread_sanitizer = true;
#else
constexpr bool under_thread_sanitizer = false;
#endif

/// Long enough for a thread to fall asleep, or to wake up and do what it should. Where it is too short
/// for the former, a test tries again.
constexpr auto a_while = 60ms;

template <class Q>
constexpr bool is_mutant = requires {
  Q::expected;
};

/// How long a thread may take to wake up before it counts as asleep. For a sound queue longer than any
/// load of the machine explains, which costs nothing, since its threads do wake up.
template <class Q>
constexpr std::chrono::milliseconds grace = is_mutant<Q> ? a_while : testing_support::patience;

/// Shows the mistake of one mutant. `is_broken<Q>()` does something to a queue and tells whether an
/// answer was wrong.
template <class Broken, class Sound>
void expect_only_the_mutant_fails(auto is_broken) {
  EXPECT_FALSE(is_broken.template operator()<Sound>()) << "the original fails as well";
  if (Broken::expected.data_race && under_thread_sanitizer) {
    GTEST_SKIP() << "the mistake is a data race, which ThreadSanitizer is there to report";
  }
  EXPECT_TRUE(is_broken.template operator()<Broken>()) << "the mutant does no wrong";
}

template <class T>
bool is_ready(const std::future<T>& future, std::chrono::milliseconds within = 0ms) {
  return future.wait_for(within) == std::future_status::ready;
}

/// Tries a situation that depends on threads being asleep until it has shown the mistake, or often
/// enough.
template <class Q>
bool within_a_few_tries(auto shows_the_mistake) {
  for (int i = 0; i < (is_mutant<Q> ? 10 : 2); ++i) {
    if (shows_the_mistake()) return true;
  }
  return false;
}

/// While it lives, this thread and those that it starts share one CPU, and those run as SCHED_BATCH:
/// whom this thread wakes does not get the CPU before it sleeps itself.
class AheadOfWhomItWakes {
public:
  AheadOfWhomItWakes() noexcept {
    (void)::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &one);
    }
    (void)::sched_setaffinity(0, sizeof one, &one);
    set_policy(SCHED_BATCH);
  }
  AheadOfWhomItWakes(const AheadOfWhomItWakes&) = delete;
  AheadOfWhomItWakes& operator=(const AheadOfWhomItWakes&) = delete;
  ~AheadOfWhomItWakes() {
    set_policy(SCHED_OTHER);
    (void)::sched_setaffinity(0, sizeof before_, &before_);
  }
  /// Threads that are started from now on are as others are, and so is this one.
  static void set_policy(int policy) noexcept {
    const sched_param none{};
    (void)::sched_setscheduler(0, policy, &none);
  }

private:
  cpu_set_t before_{};
};

/// A queue in which nobody looks again by himself, so that a lost wake-up stays lost.
template <class Q>
struct Unaided : Q {
  explicit Unaided(QueueLimits most) : Q{most} {
    if constexpr (LooksAgain<Q>) this->set_longest_sleep(until_woken);
  }
};

/// A take that waits as long as a test may, on a thread of its own.
auto begin_take(TaskQueue auto& queue, Deadline deadline = far_ahead()) {
  return std::async(std::launch::async,
                    [&queue, deadline] { return queue.get_next_task(deadline).outcome; });
}
auto begin_join(TaskQueue auto& queue) {
  return std::async(std::launch::async, [&queue] { queue.join(); });
}

/// Two threads wait, and two tasks are added before the first of them has woken up. True if one of the
/// two sleeps on.
inline constexpr auto overlooks_the_second_waiter = []<class Q>() {
  return within_a_few_tries<Q>([] {
    Unaided<Q> queue{limits};
    const AheadOfWhomItWakes ahead;
    const std::array waiters{begin_take(queue), begin_take(queue)};
    AheadOfWhomItWakes::set_policy(SCHED_OTHER);
    std::this_thread::sleep_for(a_while);
    const bool added = add(queue, 1) && add(queue, 2);
    const bool one_sleeps = !is_ready(waiters[0], grace<Q>) || !is_ready(waiters[1], grace<Q>);
    queue.shutdown(ShutdownMode::drain);
    return !added || one_sleeps;
  });
};

/// Expects a test of the suite `PlantedBug` for each mutant, by its name.
inline void expect_each_is_shown(const std::vector<MutantRow>& rows) {
  const auto& tests = *testing::UnitTest::GetInstance();
  std::set<std::string_view> shown;
  for (int i = 0; i < tests.total_test_suite_count(); ++i) {
    const auto& suite = *tests.GetTestSuite(i);
    if (std::string_view{suite.name()} != "PlantedBug") continue;
    for (int j = 0; j < suite.total_test_count(); ++j) shown.insert(suite.GetTestInfo(j)->name());
  }
  for (const auto& row : rows) {
    if (row.expected.observable_on_x86) {
      EXPECT_TRUE(shown.contains(row.name)) << row.name;
    }
  }
}

}  // namespace lockbench::mutants
