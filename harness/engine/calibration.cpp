#include "harness/engine/calibration.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>
#include <vector>

#include "harness/metrics/statistics.hpp"

namespace lockbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Each batch takes 10 to 20 µs: a hundred times what reading the clock does, and short enough for
/// almost none to be interrupted.
constexpr double few_steps = 64;
constexpr int runs_of_few = 160;
constexpr double many_steps = 1024;
constexpr int runs_of_many = 12;
constexpr int runs_of_check = 14;

constexpr std::size_t most_batches = 31;
constexpr std::size_t fewest_batches = 3;  // of a thread that waits long for a CPU

/// Has the threads of a team do something at the same time, as far as they have CPUs.
class AtOnce {
public:
  explicit AtOnce(std::uint32_t threads) noexcept : missing_(threads) {}

  /// Works, since CPUs raise their clock rate for that, until all have come; 1 ms at most.
  void gather() noexcept {
    // Relaxed: nothing is handed over.
    missing_.fetch_sub(1, std::memory_order_relaxed);
    while (missing_.load(std::memory_order_relaxed) != 0 && Clock::now() < gathered_by_) {
      run_steps(256);
    }
  }

  /// Whether a thread that has so many batches is to go on.
  [[nodiscard]] bool wants_more(std::size_t done) const noexcept {
    return done < fewest_batches || (done < most_batches && Clock::now() < enough_by_);
  }

private:
  std::atomic<std::uint32_t> missing_;
  Clock::time_point gathered_by_ = Clock::now() + milliseconds(1);
  Clock::time_point enough_by_ = Clock::now() + milliseconds(10);
};

/// Nanoseconds that one of `runs` runs took.
double run_ns(WorkSource& work, int runs) noexcept {
  const auto start = Clock::now();
  for (int run = 0; run < runs; ++run) work.run();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / runs;
}

/// Work of so many steps a run.
WorkSource work_of(double steps) {
  constexpr WorkRate one_step_a_ns{.steps_per_ns = 1, .call_ns = 0};
  return {steps, Jitter::none, one_step_a_ns, Random{0}};
}

/// Work that is timed over `runs` runs at a time.
struct Batch {
  WorkSource work;
  int runs;
};

/// Nanoseconds that a run of each kind of work took on each thread, all threads working at once: the
/// median of many batches.
std::vector<std::vector<double>> median_run_ns(Team& team, const std::vector<Batch>& batches) {
  std::vector<std::vector<double>> medians(batches.size(), std::vector<double>(team.size()));
  AtOnce at_once(team.size());
  team.run([&](std::uint32_t index) {
    auto own_batches = batches;
    std::vector<std::vector<double>> times_ns(batches.size());
    at_once.gather();
    while (at_once.wants_more(times_ns.front().size())) {
      for (std::size_t i = 0; i < own_batches.size(); ++i) {
        times_ns[i].push_back(run_ns(own_batches[i].work, own_batches[i].runs));
      }
    }
    for (std::size_t i = 0; i < medians.size(); ++i) medians[i][index] = median(times_ns[i]);
  });
  return medians;
}

WorkRate measure_rate(Team& team) {
  const auto run_ns =
      median_run_ns(team, {{work_of(few_steps), runs_of_few}, {work_of(many_steps), runs_of_many}});
  return fit_rate({few_steps, median(run_ns[0])}, {many_steps, median(run_ns[1])});
}

std::vector<double> measure_checked_work(Team& team, const WorkRate& rate) {
  const WorkSource work{checked_work_ns, Jitter::none, rate, Random{0}};
  return median_run_ns(team, {{work, runs_of_check}}).front();
}

bool is_right(const Calibration& calibration) noexcept {
  constexpr double tolerated_error = 0.02;
  return std::fabs(calibration.check_error) <= tolerated_error;
}

}  // namespace

WorkRate fit_rate(RunTime few, RunTime many) noexcept {
  if (many.ns <= few.ns) return {.steps_per_ns = many.steps / many.ns, .call_ns = 0};
  const double step_ns = (many.ns - few.ns) / (many.steps - few.steps);
  const double call_ns = few.ns - few.steps * step_ns;
  if (call_ns < 0) return {.steps_per_ns = many.steps / many.ns, .call_ns = 0};
  return {.steps_per_ns = 1 / step_ns, .call_ns = call_ns};
}

Calibration checked(const WorkRate& rate, std::span<const double> thread_times_ns) {
  std::vector<double> errors;
  for (const double time_ns : thread_times_ns) errors.push_back(time_ns / checked_work_ns - 1);
  const auto worst = std::ranges::max_element(errors, {}, [](double e) { return std::fabs(e); });
  return {.rate = rate, .check_error = median(errors), .worst_check_error = *worst};
}

Calibration calibrate(Team& team) {
  constexpr int most_attempts = 3;
  std::optional<Calibration> best;
  for (int attempt = 0; attempt < most_attempts && !(best && is_right(*best)); ++attempt) {
    const auto rate = measure_rate(team);
    const auto calibration = checked(rate, measure_checked_work(team, rate));
    const auto error = std::fabs(calibration.check_error);
    if (!best || error < std::fabs(best->check_error)) best = calibration;
  }
  return *best;
}

}  // namespace lockbench
