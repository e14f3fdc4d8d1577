/// An urgent thread waits for an unimportant one, which a third thread keeps from running
/// (Lampson & Redell, 1980; Sha, Rajkumar & Lehoczky, 1990).

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/posix_mutex.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

enum class Rank : std::uint8_t { low = 1, middle, high };

/// The unimportant thread's work, in CPU time.
constexpr std::chrono::milliseconds low_work{2};
constexpr int inversions = 5;

/// Gives the calling thread its rank. Returns false if that is not permitted: real-time priorities need a
/// privilege; lowering one's own priority does not.
bool take_rank(Rank rank, bool real_time) {
  if (real_time) {
    const sched_param parameters{.sched_priority = static_cast<int>(rank)};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0;
  }
  const auto self = static_cast<id_t>(gettid());  // Linux keeps niceness by thread
  if (rank == Rank::high) return true;
  if (rank == Rank::middle) return setpriority(PRIO_PROCESS, self, 1) == 0;
  const sched_param parameters{.sched_priority = 0};
  return pthread_setschedparam(pthread_self(), SCHED_IDLE, &parameters) == 0 ||
         setpriority(PRIO_PROCESS, self, 19) == 0;
}

bool real_time_is_permitted() {
  bool permitted = false;
  std::jthread([&] { permitted = take_rank(Rank::low, true); }).join();
  return permitted;
}

/// Uses this much CPU time, however often the thread is preempted meanwhile.
void work_for(std::chrono::nanoseconds duration) {
  const auto end = cpu_time() + duration;
  while (cpu_time() < end) cpu_relax();
}

struct Setting {
  bool real_time = false;
  int cpu = 0;
  std::uint32_t hogs = 1;
  std::chrono::milliseconds hog_time{100};  ///< the threads of middle rank stop after this
};

void raise(std::atomic<bool>& flag) {
  flag = true;
  flag.notify_all();
}

/// Returns the milliseconds that the urgent thread waits for the lock. `work_outside`: the unimportant
/// thread works before it locks, and only hands over the result under the lock.
double high_waits_ms(const Setting& setting, PosixMutex& mutex, bool work_outside) {
  // The low thread starts last, when all others have their ranks: at its rank it might never get to run.
  std::latch others_are_ready(static_cast<std::ptrdiff_t>(setting.hogs) + 1);
  std::atomic<bool> low_began{false};
  std::atomic<bool> hogs_may{false};
  std::atomic<bool> high_is_done{false};
  double waited_ms = 0;
  std::vector<std::jthread> team;
  const auto start = [&](Rank rank, auto role) {
    team.emplace_back([&setting, rank, role] {
      (void)pin_this_thread(setting.cpu);
      (void)take_rank(rank, setting.real_time);
      role();
    });
  };
  start(Rank::high, [&] {
    others_are_ready.count_down();
    low_began.wait(false);
    raise(hogs_may);
    const auto begin = Clock::now();
    mutex.lock();
    waited_ms = milliseconds(Clock::now() - begin);
    mutex.unlock();
    high_is_done = true;
  });
  for (std::uint32_t hog = 0; hog < setting.hogs; ++hog) {
    start(Rank::middle, [&] {
      others_are_ready.count_down();
      hogs_may.wait(false);
      const auto end = Clock::now() + setting.hog_time;
      while (!high_is_done.load(std::memory_order_relaxed) && Clock::now() < end) cpu_relax();
    });
  }
  others_are_ready.wait();
  start(Rank::low, [&] {
    if (work_outside) {
      raise(low_began);
      work_for(low_work);
    }
    const std::scoped_lock guard(mutex);
    if (!work_outside) {
      raise(low_began);
      work_for(low_work);
    }
  });
  team.clear();  // joins
  return waited_ms;
}

/// Returns the waits of several inversions, in milliseconds.
std::vector<double> measure(const Setting& setting, int protocol, bool work_outside) {
  std::vector<double> waits_ms;
  for (int round = 0; round < inversions; ++round) {
    PosixMutex mutex(PTHREAD_MUTEX_NORMAL, protocol);
    waits_ms.push_back(high_waits_ms(setting, mutex, work_outside));
  }
  return waits_ms;
}

std::string explain(const Setting& setting) {
  return fmt::format(
      "On CPU {}, a low thread held a lock for {} ms of work, a high thread waited for it, and {} "
      "of middle rank used the CPU for up to {} ms. So the high thread waits for the low one, "
      "which those in the middle keep from running. Ranks here: {}",
      setting.cpu, low_work.count(), setting.hogs, setting.hog_time.count(),
      setting.real_time
          ? "SCHED_FIFO 1, 2, 3. Right: a PTHREAD_PRIO_INHERIT mutex lends its holder the "
            "rank of the thread that waits."
          : "real-time ones are not permitted, so low is SCHED_IDLE, middle nice 1, high "
            "nice 0. These cannot be inherited; right: the low thread works before it locks.");
}

Shown run_priority_inversion(std::uint32_t dose) {
  const auto cpus = placement(read_topology(), Pinning::compact, 2);
  Setting setting{.real_time = real_time_is_permitted(), .cpu = cpus.empty() ? 0 : cpus.back()};
  setting.hog_time *= std::min(dose, 4U);
  if (!setting.real_time) setting.hogs = std::min(dose, 8U);
  const auto plain = measure(setting, PTHREAD_PRIO_NONE, false);
  const auto inherits = measure(setting, PTHREAD_PRIO_INHERIT, false);
  const auto outside = measure(setting, PTHREAD_PRIO_NONE, true);
  const auto& cured = setting.real_time ? inherits : outside;
  const double plain_ms = median(plain);
  constexpr double clearly = 3;
  Shown result;
  result.shown = plain_ms >= clearly * median(cured);
  result.readings = {
      {"high_wait_ms", "the high thread waits, median", "ms", plain_ms, median(cured)},
      {"high_wait_longest_ms", "… longest", "ms", std::ranges::max(plain), std::ranges::max(cured)},
      {"inherit_ms", "… median with PTHREAD_PRIO_INHERIT", "ms", {}, median(inherits)},
      {"outside_ms", "… median, low works before it locks", "ms", {}, median(outside)},
      {"real_time", "real-time priorities were permitted", "1 = yes", setting.real_time,
       setting.real_time}};
  result.happened = explain(setting);
  return result;
}

}  // namespace

Pitfall priority_inversion() {
  return {.name = "priority-inversion",
          .summary = "an urgent thread waits for one that cannot run",
          .rule =
              "Threads of different priority share a lock only if it inherits priorities "
              "(PTHREAD_PRIO_INHERIT, for real-time priorities), or if no work is done under it: "
              "prepare outside, hand over inside. It is best if they share none.",
          .run = run_priority_inversion};
}

}  // namespace lockbench::pitfalls
