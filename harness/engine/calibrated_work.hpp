#pragma once

/// Work of a given length in nanoseconds, for critical sections and for thinking between operations.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/base/jitter.hpp"
#include "harness/base/random.hpp"

namespace lockbench {

/// Does `steps` integer steps, each needing the result of the one before: no memory is touched, and
/// nothing is left to overlap, so that the time depends on the clock rate and on little else.
///
/// The first step needs the count, so work whose count was loaded under a lock does not begin before
/// the lock is held; on x86 and ARM the call returns only when the last step is done. Else a CPU
/// that looks hundreds of instructions ahead would hide short work behind what surrounds it.
void run_steps(std::uint64_t steps) noexcept;

/// The cost of work on this machine: a run of `n` steps takes `call_ns + n / steps_per_ns`.
struct WorkRate {
  double steps_per_ns = 1;
  double call_ns = 0;
};

/// The step counts that runs of work are drawn from: none when `amount_ns` is 0, one without jitter,
/// else `stratified_draws`, one from each of as many equally probable parts of the distribution and
/// scaled, so that their mean is the amount to within a step however few were drawn. Work shorter
/// than a call is a call without steps; what that is too long, others are too short.
///
/// Precondition: 0 <= amount_ns <= `longest_work_ns`.
[[nodiscard]] std::vector<std::uint32_t> draw_step_counts(double amount_ns, Jitter jitter,
                                                          const WorkRate& rate, Random& random);
inline constexpr std::size_t stratified_draws = 1024;
inline constexpr double longest_work_ns = 1e8;

/// Gives a thread its work. Not thread-safe: each thread has one of its own, with its own seed.
class WorkSource {
public:
  /// Gives no work.
  WorkSource() noexcept : WorkSource(0, Jitter::none, {}, Random{0}) {}

  /// Precondition: 0 <= amount_ns <= `longest_work_ns`.
  WorkSource(double amount_ns, Jitter jitter, const WorkRate& rate, Random random)
      : random_(random), step_counts_(draw_step_counts(amount_ns, jitter, rate, random_)) {}

  /// Works for an amount drawn anew. An amount of 0 is one branch, always the same way.
  [[gnu::always_inline]] void run() noexcept {
    if (!step_counts_.empty()) work();
  }

  [[nodiscard]] std::uint64_t steps_done() const noexcept { return steps_done_; }

private:
  [[gnu::noinline]] void work() noexcept {
    const auto draw = random_.below(static_cast<std::uint32_t>(step_counts_.size()));
    const std::uint64_t steps = step_counts_[draw];
    steps_done_ += steps;
    run_steps(steps);
  }

  Random random_;
  std::vector<std::uint32_t> step_counts_;
  std::uint64_t steps_done_ = 0;
};

}  // namespace lockbench
