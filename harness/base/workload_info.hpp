#pragma once

#include <cstdint>
#include <string_view>

#include "harness/base/parameter_list.hpp"

namespace lockbench {

/// What a workload says about itself, for the command line, the plan and `bench list`. A workload
/// declares it inside its type, as `info`.
struct WorkloadInfo {
  std::string_view name;
  std::string_view summary;
  ParameterSet uses = common_parameters;
  bool reads_statuses = false;  ///< there are tasks in progress to ask about
  bool blocks = false;          ///< threads wait for tasks, asleep where the strategy lets them
  /// No task stays queued for long, so that priorities from fixed levels are stationary, too.
  bool empties_queue = false;
  /// Threads wait for the clock: what they take of a CPU is not what operations cost.
  bool paced = false;
  std::uint32_t least_threads = 1;
  /// Windows below this length show too few events, in seconds; 0: the usual length will do.
  double least_window_s = 0;
  /// Tag that a strategy must carry to be able to do it; empty: none.
  std::string_view only_tag = {};

  /// Threads are producers and consumers.
  [[nodiscard]] constexpr bool has_roles() const noexcept { return uses.contains("producers"); }
  /// Tasks arrive at intended times, whether or not the queue keeps up.
  [[nodiscard]] constexpr bool is_open_loop() const noexcept { return uses.contains("load"); }
  /// Threads read or write by `read_ratio`.
  [[nodiscard]] constexpr bool has_read_ratio() const noexcept {
    return uses.contains("read_ratio");
  }
};

/// Returns `standing_tasks`, or 0 for a point that never reads. `info` is that of its workload.
[[nodiscard]] std::uint32_t standing_tasks_of(const CaseParameters& point,
                                              const WorkloadInfo& info) noexcept;

/// Returns the capacity that a queue is built with: the point's if it has one, else a power of two
/// that leaves room for the prefill and for what every thread may add before anything is taken.
/// `info` is that of the point's workload.
[[nodiscard]] std::uint32_t effective_capacity(const CaseParameters& point,
                                               const WorkloadInfo& info) noexcept;

}  // namespace lockbench
