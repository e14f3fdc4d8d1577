#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "harness/engine/window_spec.hpp"
#include "harness/engine/worker.hpp"
#include "strategies/null.hpp"

namespace lockbench {

/// What the threads of a workload share besides the queue: nothing.
struct NothingShared {
  explicit NothingShared(const WindowSpec& /*spec*/) noexcept {}
};

/// What most workloads have in common; a workload derives from it and declares what differs.
struct WorkloadDefaults {
  /// Made anew for each window, before the threads start.
  using Shared = NothingShared;

  /// The queue that is measured for strategy Q.
  template <TaskQueue Q>
  using QueueOf = Q;
  /// Whether strategy Q can do what the workload asks for.
  template <TaskQueue Q>
  static constexpr bool supports = true;

  /// Fairness is judged among threads of one role.
  static std::uint32_t role(const CaseParameters& point, std::uint32_t index) noexcept {
    return index < point.producers ? 1 : 0;
  }
  /// Called by the coordinator after the window has ended, to reach threads asleep in the queue.
  static void wake(TaskQueue auto& /*queue*/) noexcept {}
};

/// What the threads of a team do to a queue. `run` is called once on every thread and returns when
/// `self.running()` says so. Parameters come from `self.point()`.
// clang-format off
template <class W>
concept Workload = std::constructible_from<typename W::Shared, const WindowSpec&> &&
    requires(NullTaskQueue queue, Worker self, typename W::Shared shared,
             const CaseParameters& point) {
      { W::name } -> std::convertible_to<std::string_view>;
      { W::run(queue, self, shared) } -> std::same_as<void>;
      { W::wake(queue) } -> std::same_as<void>;
      { W::role(point, std::uint32_t{}) } -> std::same_as<std::uint32_t>;
    };
// clang-format on

}  // namespace lockbench
