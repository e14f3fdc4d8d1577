#pragma once

#include "harness/engine/workload.hpp"

namespace lockbench {

/// A pool of workers: each waits for a task, works on it for `work_ns`, completes and forgets it,
/// and adds one in its place. The longer the work, the less the lock matters; this workload finds
/// the length from which on it does not.
struct Pool : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "pool",
      .summary = "workers take a task, work on it, finish it and add another",
      .uses = common_parameters.with("work_ns", "work_jitter"),
      .blocks = true};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    while (self.running()) {
      const auto task = self.await_one(queue);
      if (!task) continue;
      self.work();
      self.finish_one(queue, task->id);
      while (!self.add_one(queue) && self.running()) self.back_off();
      self.think();
    }
  }

  /// With an empty prefill and few tasks, workers may be asleep in the queue.
  static void wake(TaskQueue auto& queue) { queue.shutdown(ShutdownMode::drain); }
};
static_assert(Workload<Pool>);

}  // namespace lockbench
