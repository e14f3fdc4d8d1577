#pragma once

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Every thread reads a status with probability `read_ratio` and otherwise moves one task on: add,
/// take, complete, forget. The queue stays near its prefill, since a thread adds again only after
/// it has taken, and stationary by the hold model (hold_model.hpp). One operation = one successful call.
struct Mixed : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "mixed",
      .summary =
          "every thread reads statuses with probability read_ratio and otherwise moves one "
          "task on: add, take, complete, forget",
      .uses = common_parameters.with("read_ratio"),
      .reads_statuses = true};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    while (self.running()) {
      if (self.draws_read()) {
        self.read_status(queue);
      } else {
        self.advance_one_task(queue);
      }
      self.think();
    }
  }
};
static_assert(Workload<Mixed>);

}  // namespace lockbench
