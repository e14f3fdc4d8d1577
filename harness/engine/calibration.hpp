#pragma once

/// Measures how long a step of work takes on the threads that will do it.

#include <span>

#include "harness/engine/calibrated_work.hpp"
#include "harness/engine/team.hpp"

namespace lockbench {

struct Calibration {
  WorkRate rate;
  /// The relative error of work of `checked_work_ns`, positive where it takes too long:
  /// 0.03 = 3 % too long. The median over threads, each taking the median of many.
  double check_error = 0;
  /// The error of the thread that is off most: large where CPUs are not alike.
  double worst_check_error = 0;
};

inline constexpr double checked_work_ns = 1000;

/// Calibrates on all threads of the team at once, as ARM's lockhammer does, because SMT siblings and
/// clock rates depend on what the other CPUs do; then checks the result in the same way. Takes a few
/// ms, and no more than some tens where threads share CPUs. Medians over short batches leave out
/// what interrupts single ones; where other programs want the CPUs, most may be interrupted, so what
/// is found more than 2 % off is done again, up to twice, and the best of it counts.
[[nodiscard]] Calibration calibrate(Team& team);

// --- the parts that are functions of values --------------------------------------------------------

/// The measured time of runs of so many steps.
struct RunTime {
  double steps = 0;
  double ns = 0;
};

/// The line through both. A call never takes less than nothing; times that do not grow with the
/// steps, which only noise can do, count as if calls took no time. Precondition: steps and ns of
/// `many` are positive, and its steps more than those of `few`.
[[nodiscard]] WorkRate fit_rate(RunTime few, RunTime many) noexcept;

/// Precondition: not empty; positive.
[[nodiscard]] Calibration checked(const WorkRate& rate, std::span<const double> thread_times_ns);

}  // namespace lockbench
