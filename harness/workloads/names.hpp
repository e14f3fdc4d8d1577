#pragma once

/// The workloads by name and by what they use of a case's parameters, for the command line, the plan
/// and `bench list`; what they do is in their own files.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace lockbench {

struct WorkloadName {
  std::string_view name;
  std::string_view summary;
  bool has_read_ratio = false;      ///< its threads read or write by `read_ratio`
  bool reads_statuses = false;      ///< there are tasks in progress to ask about
  bool has_roles = false;           ///< its threads are producers and consumers
  bool has_work = false;            ///< tasks are worked on, for `work_ns`
  bool has_priority_order = false;  ///< `priority_order` means something
  bool has_bursts = false;          ///< `burst` means something
  bool cancels = false;             ///< `cancel_ratio` means something
  bool is_open_loop = false;        ///< tasks arrive at intended times: `load`, `arrivals`
  bool starts_empty = false;        ///< no prefill: what is queued is the workload's own
  bool blocks = false;              ///< threads wait for tasks, asleep where the strategy lets them
  std::uint32_t least_threads = 1;
  /// Windows below this length show too few events; 0: the usual length will do.
  double least_window_s = 0;
  /// Tag that a strategy must carry to be able to do it; empty: none.
  std::string_view only_tag = {};
};

inline constexpr std::array workload_names{
    WorkloadName{
        .name = "mixed",
        .summary =
            "every thread reads statuses with probability read_ratio and otherwise moves one "
            "task on: add, take, complete, forget",
        .has_read_ratio = true,
        .reads_statuses = true},
    WorkloadName{.name = "producer_consumer",
                 .summary = "producers add; consumers block in get_next_task, complete and forget",
                 .has_roles = true,
                 .blocks = true,
                 .least_threads = 2},
    WorkloadName{.name = "open_loop",
                 .summary = "tasks arrive at intended times at a share of the measured capacity; "
                            "sojourn time counts from the intended arrival",
                 .has_roles = true,
                 .has_work = true,
                 .is_open_loop = true,
                 .starts_empty = true,
                 .blocks = true,
                 .least_threads = 2,
                 .least_window_s = 0.2},
    WorkloadName{.name = "hold",
                 .summary =
                     "take one, add one: the classical test of priority queues, with uniform, "
                     "ascending or descending priorities",
                 .has_priority_order = true},
    WorkloadName{.name = "burst",
                 .summary = "all threads fill the queue, meet, drain it, and meet again",
                 .has_bursts = true,
                 .starts_empty = true},
    WorkloadName{.name = "cancel_heavy",
                 .summary = "every thread adds a task, and cancels it or takes and finishes one",
                 .cancels = true},
    WorkloadName{.name = "handoff",
                 .summary = "one task at a time to a sleeping consumer: what waking it costs",
                 .has_roles = true,
                 .starts_empty = true,
                 .blocks = true,
                 .least_threads = 2,
                 .least_window_s = 0.05},
    WorkloadName{.name = "status_storm",
                 .summary = "one thread moves tasks on while all others read statuses",
                 .reads_statuses = true,
                 .least_threads = 2},
    WorkloadName{.name = "pool",
                 .summary = "workers take a task, work on it, finish it and add another",
                 .has_work = true,
                 .blocks = true},
    WorkloadName{.name = "raw_fifo",
                 .summary = "producers push and consumers pop on a package's bare queue, without "
                            "ids and statuses",
                 .has_roles = true,
                 .starts_empty = true,
                 .least_threads = 2,
                 .only_tag = "lockfree"},
};

/// What is known of a workload; of an unknown one nothing but its name.
[[nodiscard]] constexpr WorkloadName workload_named(std::string_view name) noexcept {
  const auto* const known = std::ranges::find(workload_names, name, &WorkloadName::name);
  return known != workload_names.end() ? *known : WorkloadName{.name = name, .summary = ""};
}

}  // namespace lockbench
