#pragma once

#include "harness/engine/workload.hpp"

namespace lockbench {

/// One thread moves tasks on while all others read statuses without a pause, so `writes` counts the
/// first thread's operations and `reads` the others'. Under a read-write lock that lets readers
/// overtake waiting writers, the writer may starve however high the sum of all operations is.
struct StatusStorm : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "status_storm",
      .summary = "one thread moves tasks on while all others read statuses",
      .reads_statuses = true,
      .least_threads = 2};

  static std::uint32_t role(const CaseParameters& /*point*/, std::uint32_t index) noexcept {
    return index == 0 ? 1 : 0;
  }

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    const bool writes = self.index() == 0;
    while (self.running()) {
      if (writes) {
        self.advance_one_task(queue);
      } else {
        self.read_status(queue);
      }
      self.think();
    }
  }
};
static_assert(Workload<StatusStorm>);

}  // namespace lockbench
