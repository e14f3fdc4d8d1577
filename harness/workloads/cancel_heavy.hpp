#pragma once

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Every thread adds a task and then, with probability `cancel_ratio`, cancels and forgets it, or
/// else takes one, whoever added it, and finishes that. A cancel may come too late, when another
/// thread has taken the task; that is no operation, and counted apart (`late_cancels`).
/// Cancelled tasks change neither size nor priorities: of the others, as many are taken as are added.
struct CancelHeavy : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "cancel_heavy",
      .summary = "every thread adds a task, and cancels it or takes and finishes one",
      .uses = common_parameters.with("cancel_ratio")};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    while (self.running()) {
      const bool added = self.add_one(queue);
      if (added && self.draws_cancel()) {
        if (self.cancel_one(queue, self.last_added())) self.forget_one(queue, self.last_added());
      } else if (added && self.take_one(queue)) {
        self.finish_one(queue, self.held());
      } else {
        self.back_off();
      }
      self.think();
    }
  }
};
static_assert(Workload<CancelHeavy>);

}  // namespace lockbench
