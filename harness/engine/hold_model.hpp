#pragma once

/// The priorities of tasks, by the hold model (Jones, 1986): a thread that has taken a task adds one
/// whose priority is that of the task taken less a random step of 1 … `priorities`.
///
/// All priorities fall together, so a queue is the same late in a window as early, and a fast strategy
/// meets the same queue as a slow one. With priorities from fixed levels it would decay: takes remove
/// the highest, what stays behind is ever lower, and soon each take returns the task just added.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

#include "harness/base/case_parameters.hpp"
#include "harness/base/random.hpp"
#include "harness/base/workload_info.hpp"

namespace lockbench {

/// Wrap around instead of overflowing, since a broken queue may hand out any priority.
[[nodiscard]] constexpr int lowered(int priority, std::uint32_t levels) noexcept {
  return static_cast<int>(static_cast<std::uint32_t>(priority) - levels);
}
[[nodiscard]] constexpr int raised(int priority, std::uint32_t levels) noexcept {
  return static_cast<int>(static_cast<std::uint32_t>(priority) + levels);
}

/// The priority of a task that a thread could have taken last when the window begins: at the end of
/// int from which priorities have furthest to go.
[[nodiscard]] constexpr int first_priority(const CaseParameters& point) noexcept {
  return point.priority_order == PriorityOrder::ascending
             ? raised(std::numeric_limits<int>::min(), point.priorities)
             : std::numeric_limits<int>::max();
}

/// The priority of the prefill's task number `index`, so that the queue is in equilibrium before the
/// first operation. What is left of a uniform step at a random time is m levels with a probability
/// that falls linearly from m = 0 to m = `priorities`: the smaller of two different draws.
[[nodiscard]] constexpr int prefill_priority(const CaseParameters& point, std::uint32_t index,
                                             Random& random) noexcept {
  const int first = first_priority(point);
  // As if each had been added below all before it.
  if (point.priority_order == PriorityOrder::descending) return lowered(first, index);
  const auto one = random.below(point.priorities + 1);
  const auto other = random.below(point.priorities);
  return lowered(first, std::min(one, other < one ? other : other + 1));
}

/// The front of the queue as consumers last saw it, on its own line. Threads that only add take no
/// task to step down from, so they step down from this one.
///
/// It is not a clock of each producer's own: those of fast and slow producers would drift apart, and
/// none would keep pace with a queue that has filled or run empty since the prefill.
class QueueFront {
public:
  /// Takes of a consumer between two updates. A few levels of delay change nothing but where the
  /// front lies in equilibrium; a write at every take would be a cost of the harness.
  static constexpr std::uint64_t stride = 64;

  explicit QueueFront(const CaseParameters& point) noexcept : priority_(first_priority(point)) {}

  /// Takes the consumer's count of takes and the priority of the last one.
  void publish(std::uint64_t takes, int priority) noexcept {
    // Relaxed here and below: the number publishes nothing but itself.
    if (takes % stride == 0) priority_.store(priority, std::memory_order_relaxed);
  }
  [[nodiscard]] int priority() const noexcept { return priority_.load(std::memory_order_relaxed); }

private:
  alignas(128) std::atomic<int> priority_;
};

/// How far priorities move for each task that is taken, in the mean and at most.
[[nodiscard]] constexpr double levels_per_task(const CaseParameters& point,
                                               const WorkloadInfo& workload) noexcept {
  if (workload.empties_queue || !workload.uses.contains("priorities")) return 0;
  if (point.priority_order != PriorityOrder::uniform) return 1;
  const double mean_step = (point.priorities + 1) / 2.0;
  // A queue with two roles may run empty. Then the front moves by one step an update.
  const std::uint64_t tasks =
      workload.has_roles() ? QueueFront::stride : std::max<std::uint64_t>(1, point.prefill);
  return mean_step / static_cast<double>(tasks);
}

/// No queue that orders tasks by priority passes on more, over all threads: a task takes four calls,
/// one after the other, of which each takes a lock for at least 12 ns.
inline constexpr double most_ordered_tasks_per_s = 20e6;

/// How long a window and its warm-up may last until priorities might have gone through all of int.
[[nodiscard]] constexpr double longest_window_s(const CaseParameters& point,
                                                const WorkloadInfo& workload) noexcept {
  const double per_task = levels_per_task(point, workload);
  if (per_task == 0) return std::numeric_limits<double>::infinity();
  constexpr double levels_of_int = 0x1p32;
  const double levels = levels_of_int - 2.0 * point.priorities - point.prefill;
  return levels / (per_task * most_ordered_tasks_per_s);
}

}  // namespace lockbench
