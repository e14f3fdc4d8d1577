#pragma once

#include <concepts>
#include <cstdint>

#include "harness/base/workload_info.hpp"
#include "harness/engine/window_spec.hpp"
#include "harness/engine/worker.hpp"
#include "strategies/null.hpp"

namespace lockbench {

/// For workloads whose threads share nothing but the queue.
struct NothingShared {
  explicit NothingShared(const WindowSpec& /*spec*/) noexcept {}
};

/// The defaults of workloads: each derives from them and declares only what differs.
struct WorkloadDefaults {
  /// Made anew for each window, before the threads start.
  using Shared = NothingShared;

  /// The queue that is measured for strategy Q.
  template <TaskQueue Q>
  using QueueOf = Q;
  /// Whether strategy Q can do what the workload asks for.
  template <TaskQueue Q>
  static constexpr bool supports = true;

  /// Returns a thread's role. Fairness is judged among threads of one role.
  static std::uint32_t role(const CaseParameters& point, std::uint32_t index) noexcept {
    return index < point.producers ? 1 : 0;
  }
  /// Wakes threads that sleep in the queue. The coordinator calls it when the window has ended.
  static void wake(auto& /*queue*/) noexcept {}
};

/// What the threads of a team do to a queue, and what the workload says about itself. `run` is
/// called once on every thread and returns when `self.running()` says so. Parameters come from
/// `self.point()`.
// clang-format off
template <class W>
concept Workload = std::constructible_from<typename W::Shared, const WindowSpec&> &&
    requires(NullTaskQueue queue, Worker self, typename W::Shared shared,
             const CaseParameters& point) {
      { W::info } -> std::same_as<const WorkloadInfo&>;
      { W::run(queue, self, shared) } -> std::same_as<void>;
      { W::wake(queue) } -> std::same_as<void>;
      { W::role(point, std::uint32_t{}) } -> std::same_as<std::uint32_t>;
    };
// clang-format on

}  // namespace lockbench
