#pragma once

/// The workloads by name and by what they use of a case's parameters, for the command line, the plan
/// and `bench list`; what they do is in their own files.

#include <algorithm>
#include <array>
#include <string_view>

namespace lockbench {

struct WorkloadName {
  std::string_view name;
  std::string_view summary;
  bool reads_statuses = false;  ///< `read_ratio` means something, and there are tasks to read
  bool has_roles = false;       ///< its threads are producers and consumers
};

inline constexpr std::array workload_names{
    WorkloadName{
        .name = "mixed",
        .summary =
            "every thread reads statuses with probability read_ratio and otherwise moves one "
            "task on: add, take, complete, forget",
        .reads_statuses = true},
    WorkloadName{.name = "producer_consumer",
                 .summary = "producers add; consumers block in get_next_task, complete and forget",
                 .has_roles = true},
};

/// What is known of a workload; of an unknown one nothing but its name.
[[nodiscard]] constexpr WorkloadName workload_named(std::string_view name) noexcept {
  const auto* const known = std::ranges::find(workload_names, name, &WorkloadName::name);
  return known != workload_names.end() ? *known : WorkloadName{.name = name, .summary = ""};
}

}  // namespace lockbench
