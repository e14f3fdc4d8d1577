/// Do `open_loop`'s sojourn times agree with queueing theory? One producer whose arrivals are a
/// Poisson process, one consumer, and tasks of a constant or an exponentially distributed length are
/// the queues M/D/1 and M/M/1, whose mean time from arrival to completion is known: with a service
/// time S and a load rho, S / (1 - rho) where lengths vary exponentially, S + S rho / (2 (1 - rho))
/// where they are constant (Pollaczek & Khinchine; Kleinrock, Queueing Systems I, 1975).
///
/// What theory takes for granted is provided here, or else measured:
///
/// - Waiting for a lock and waking up are no part of it. So the consumer looks for tasks awake, and
///   at an atomic count, which leaves the lock to the producer, and the lock is waited for awake.
/// - The server never changes its speed. A virtual machine's does, by 5 to 10 % within a second, and
///   at a load of 0.9 each percent of S is ten of the sojourn time. So each task ends at a time by the
///   clock, drawn when it is taken, in the queue's `complete_task`; what `--work` would do is the
///   subject of calibration_benchmark. What the operations add is measured: S is the time that the
///   consumer was not idle, a task (the utilisation law of Denning & Buzen, 1978).
/// - Both are always there. A stall of d seconds, n times a second, adds n d^2 / (2 S) to the mean
///   relative to M/M/1's, at any load. So windows are left out and taken again in which, by the
///   clock, a task was added, seen or ended more than 1 ms late. That says nothing about how long
///   the queue was, so it does not choose among the answers.
///
/// How precise a window is: near saturation the queue forgets slowly, with a relaxation time of
/// S / (1 - sqrt(rho))^2 (Cohen, 1982), at 0.9 some 380 S or 38 ms. The warm-up is four of these. The
/// mean of a window of t seconds has a relative variance of 2 (1 + rho) S / (rho (1 - rho)^2 t)
/// (Whitt, 1989), which makes 38 % at 0.9, and 3 % of 130 windows pooled. Means of windows are skewed,
/// so they are pooled: their median would be too low by some percent.
///
/// The last column takes luck out: the mean over that of the same arrivals and the same lengths by
/// Lindley's recursion (1952), in which nothing ever is late. It tells what the harness adds.
///
/// `queueing_theory_benchmark [SEED]` prints the seed of all draws and a table. Exits 1 when a mean is
/// off by more than 10 %, 5 when the machine left fewer than half of the windows undisturbed. Takes
/// about five minutes.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/jitter.hpp"
#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/workloads/open_loop.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace {

using namespace lockbench;
using Nanoseconds = std::chrono::duration<double, std::nano>;

constexpr double mean_length_ns = 100'000;
constexpr double window_s = 0.3;
constexpr double warm_up_s = 0.15;
constexpr std::chrono::milliseconds latest{1};
constexpr double most_error = 0.10;

/// Waits awake.
class SpinningMutex {
public:
  void lock() noexcept {
    while (!mutex_.try_lock()) cpu_relax();
  }
  void unlock() noexcept { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

/// What the two threads saw in a window, each in a part of its own.
struct Observed {
  struct Service {
    Clock::time_point seen;  ///< that there is a task
    double length_ns;
    Clock::time_point over;  ///< back for the next one
  };
  alignas(128) std::vector<Clock::time_point> due;
  Clock::time_point added_at{};  ///< the last one
  Clock::duration producer_late{};
  alignas(128) std::vector<Service> services;
  Clock::duration consumer_late{};
  Random random{0};
  Jitter jitter = Jitter::none;
};

/// As `mutex`, but nobody ever sleeps in it, tasks take a time by the clock, and it tells what it
/// saw. One producer, one consumer.
class ClockedTaskQueue : public LockedTaskQueue<SpinningMutex> {
public:
  static constexpr StrategyTraits traits{.name = "clocked",
                                         .summary = "as mutex, awake, with tasks of a given length",
                                         .ordering = Ordering::priority_fifo,
                                         .waits = Waits::spins,
                                         .task_wait = TaskWait::polls,
                                         .source = "C++ standard library"};
  using LockedTaskQueue::LockedTaskQueue;
  /// Where the next window's queue puts what it sees: the engine makes the queue.
  static inline Observed* observed = nullptr;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    OpenLoop::DueTime ticks = 0;
    std::memcpy(&ticks, payload.data(), sizeof ticks);
    const Clock::time_point due{Clock::duration{ticks}};
    observed_.due.push_back(due);
    observed_.producer_late =
        std::max(observed_.producer_late, Clock::now() - std::max(due, observed_.added_at));
    const auto result = LockedTaskQueue::add_task(id, priority, payload);
    // Relaxed: the lock hands the task over; this only says that looking is worth it.
    if (result == AddResult::added) added_.fetch_add(1, std::memory_order_relaxed);
    observed_.added_at = Clock::now();
    return result;
  }

  /// Never returns for the deadline, which `open_loop` has beyond the window.
  TakeResult get_next_task(Deadline /*deadline*/) {
    auto looked = Clock::now();
    if (taken_ > 0) observed_.services.back().over = looked;
    for (;;) {
      const bool closed = closed_.load(std::memory_order_acquire);  // (1) pairs with (2)
      const bool has_task = added_.load(std::memory_order_relaxed) > taken_;
      const auto now = Clock::now();
      observed_.consumer_late = std::max(observed_.consumer_late, now - looked);
      looked = now;
      if (has_task || closed) {
        if (const auto task = try_get_next_task()) {
          ++taken_;
          start_service(now);
          return {TakeOutcome::task, *task};
        }
        if (closed) return {TakeOutcome::shut_down};
      }
      cpu_relax();
    }
  }

  Transition complete_task(TaskId id) {
    while (Clock::now() < ends_) cpu_relax();
    observed_.consumer_late = std::max(observed_.consumer_late, Clock::now() - ends_);
    return LockedTaskQueue::complete_task(id);
  }

  void shutdown(ShutdownMode mode) {
    LockedTaskQueue::shutdown(mode);
    closed_.store(true, std::memory_order_release);  // (2) pairs with (1)
  }

private:
  void start_service(Clock::time_point seen) {
    const double below = observed_.random.fraction();
    const double length_ns = mean_length_ns * jittered(observed_.jitter, below);
    observed_.services.push_back({.seen = seen, .length_ns = length_ns, .over = seen});
    ends_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(Nanoseconds(length_ns));
  }

  Observed& observed_ = *observed;
  alignas(64) std::atomic<std::uint64_t> added_{0};
  std::atomic<bool> closed_{false};
  alignas(64) std::uint64_t taken_ = 0;  // the consumer's
  Clock::time_point ends_{};             // likewise
};
static_assert(TaskQueue<ClockedTaskQueue>);

struct Model {
  std::string_view name;
  Jitter jitter;
  double (*sojourn)(double service, double load);
};
constexpr std::array models{
    Model{"M/M/1", Jitter::exponential,
          [](double service, double load) { return service / (1 - load); }},
    Model{"M/D/1", Jitter::none,
          [](double service, double load) { return service + service * load / (2 * (1 - load)); }},
};

/// One row of the table, and what its windows came to.
struct Case {
  Model model;
  double load;
  std::uint32_t wanted;  ///< undisturbed windows
  double gap_ns = 0;     ///< mean time between two arrivals
  std::uint32_t taken = 0;
  std::uint32_t undisturbed = 0;
  double tasks = 0;
  double sojourn_sum_ns = 0;
  double lindley_sum_ns = 0;   ///< of the same tasks, if nothing were ever late
  double overhead_sum_ns = 0;  ///< busy with them beyond their length

  [[nodiscard]] bool is_complete() const { return undisturbed == wanted || taken == 6 * wanted; }
  [[nodiscard]] bool is_fit() const { return 2 * undisturbed >= wanted; }
  [[nodiscard]] double service_ns() const { return mean_length_ns + overhead_sum_ns / tasks; }
  [[nodiscard]] double measured_ns() const { return sojourn_sum_ns / tasks; }
  [[nodiscard]] double theory_ns() const {
    return model.sojourn(service_ns(), service_ns() / gap_ns);
  }
  [[nodiscard]] double error() const { return measured_ns() / theory_ns() - 1; }
};

/// The tasks of a window that were due within it, a task's mean.
struct Means {
  double tasks = 0;
  double overhead_ns = 0;
  double lindley_ns = 0;
};
Means means_of(const Observed& observed, const Stamp& from) {
  Means sums;
  const std::size_t count = std::min(observed.due.size(), observed.services.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& service = observed.services[i];
    if (observed.due[i] < from.time) continue;
    sums.tasks += 1;
    sums.overhead_ns += Nanoseconds(service.over - service.seen).count() - service.length_ns;
  }
  if (sums.tasks == 0) return sums;
  sums.overhead_ns /= sums.tasks;
  double free_at = 0;  // since the first arrival
  for (std::size_t i = 0; i < count; ++i) {
    const double due = Nanoseconds(observed.due[i] - observed.due[0]).count();
    free_at = std::max(free_at, due) + observed.services[i].length_ns + sums.overhead_ns;
    if (observed.due[i] >= from.time) sums.lindley_ns += (free_at - due) / sums.tasks;
  }
  return sums;
}

class Experiment {
public:
  Experiment(const Topology& topology, std::uint64_t seed)
      : team_(2, placement(topology, Pinning::compact, 2)) {
    spec_.seed = seed;
    spec_.point.workload = OpenLoop::info.name;
    spec_.point.threads = 2;
    spec_.point.producers = spec_.point.consumers = 1;
    spec_.point.prefill = 0;
    spec_.point.priorities = 1;  // first come, first served, so that the n-th due is the n-th taken
    spec_.window_s = window_s;
    spec_.warm_up_s = warm_up_s;
  }

  /// What a task of `mean_length_ns` takes with all that the operations add, roughly.
  double likely_service_ns() {
    Case trial{.model = models.back(), .load = 0.7, .wanted = 5, .gap_ns = mean_length_ns / 0.7};
    while (!trial.is_complete()) take_window(trial);
    return trial.undisturbed == 0 ? mean_length_ns : trial.service_ns();
  }

  void take_window(Case& subject) {
    Observed observed;
    observed.jitter = subject.model.jitter;
    observed.random = Random(++spec_.seed ^ 0x5e4c1ce);
    // No allocation while it runs.
    observed.due.reserve(1U << 16U);
    observed.services.reserve(1U << 16U);
    ClockedTaskQueue::observed = &observed;
    spec_.arrivals_s = 1e9 / subject.gap_ns;
    const auto outcome = run_window<OpenLoop, ClockedTaskQueue>(team_, spec_);

    ++subject.taken;
    const auto* const sojourn = outcome.latencies.find(LatencyKind::sojourn);
    const bool disturbed = std::max(observed.producer_late, observed.consumer_late) > latest;
    if (disturbed || sojourn == nullptr) return;
    const auto means = means_of(observed, outcome.threads.front().start);
    const auto tasks = static_cast<double>(sojourn->count());
    ++subject.undisturbed;
    subject.tasks += tasks;
    subject.sojourn_sum_ns += tasks * sojourn->mean_ns();
    subject.lindley_sum_ns += tasks * means.lindley_ns;
    subject.overhead_sum_ns += tasks * means.overhead_ns;
  }

private:
  WindowSpec spec_;
  Team team_;
};

/// More windows where they differ more.
std::vector<Case> cases() {
  std::vector<Case> list;
  for (const auto& model : models) {
    list.push_back({.model = model, .load = 0.5, .wanted = 12});
    list.push_back({.model = model, .load = 0.7, .wanted = 20});
    list.push_back(
        {.model = model, .load = 0.9, .wanted = model.jitter == Jitter::none ? 70U : 130U});
  }
  return list;
}

void print_row(const Case& row) {
  if (row.undisturbed == 0) {
    fmt::print("{:<6} {:>5.1f}  no undisturbed window of {}\n", row.model.name, row.load,
               row.taken);
    return;
  }
  fmt::print("{:<6} {:>5.1f}  {:>11.2f}  {:>9.2f}  {:>+7.2f}  {:>7.2f}  {:>3} of {:>3}  {:>9.4f}\n",
             row.model.name, row.load, row.measured_ns() / 1e3, row.theory_ns() / 1e3,
             100 * row.error(), row.service_ns() / 1e3, row.undisturbed, row.taken,
             row.sojourn_sum_ns / row.lindley_sum_ns);
}

}  // namespace

int main(int argc, char** argv) {
  const auto topology = read_topology();
  if (topology.cpus.size() < 2) {
    fmt::print("needs two CPUs: one for arrivals, one for service\n");
    return 5;
  }
  const std::uint64_t seed = argc > 1 ? std::stoull(argv[1]) : std::random_device{}();
  fmt::print("seed {}\n", seed);
  Experiment experiment(topology, seed);
  auto list = cases();
  const double service_ns = experiment.likely_service_ns();
  for (auto& subject : list) subject.gap_ns = service_ns / subject.load;
  // In turns, so that what the machine does meanwhile meets all alike.
  while (!std::ranges::all_of(list, &Case::is_complete)) {
    for (auto& subject : list) {
      if (!subject.is_complete()) experiment.take_window(subject);
    }
  }
  fmt::print("model   load  measured us  theory us  error %     S us     windows  / Lindley\n");
  for (const auto& row : list) print_row(row);
  if (!std::ranges::all_of(list, &Case::is_fit)) {
    fmt::print("too busy: threads were held up in too many windows\n");
    return 5;
  }
  return std::ranges::all_of(list,
                             [](const Case& row) { return std::fabs(row.error()) <= most_error; })
             ? 0
             : 1;
}
