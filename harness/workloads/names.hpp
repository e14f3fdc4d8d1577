#pragma once

/// The workloads by name, for the command line and `bench list`; what they do is in their own files.

#include <array>
#include <string_view>

namespace lockbench {

struct WorkloadName {
  std::string_view name;
  std::string_view summary;
};

inline constexpr std::array workload_names{
    WorkloadName{"mixed",
                 "every thread reads statuses with probability read_ratio and otherwise moves one "
                 "task on: add, take, complete, forget"},
    WorkloadName{"producer_consumer",
                 "producers add; consumers block in get_next_task, complete and forget"},
};

}  // namespace lockbench
