#pragma once

#include <algorithm>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// The hold model, by which priority queues have been compared since Jones (1986): take one, add
/// one, at a constant size. Every thread takes a task, completes and forgets it, and adds
/// one: a random step below the task it took (`uniform`, Jones' own rule), one level above it
/// (`ascending`: it is the next to be taken), or a whole queue below it (`descending`: it is the last
/// to be taken). A count of each thread's own would not do for these two: those of fast and slow
/// threads would drift apart.
struct Hold : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "hold",
      .summary =
          "take one, add one: the classical test of priority queues, with uniform, "
          "ascending or descending priorities",
      .uses = common_parameters.with("priority_order")};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    bool owed = false;  // a task was taken, and none added for it yet
    while (self.running()) {
      if (!owed) {
        if (!self.take_one(queue)) {
          self.back_off();
          continue;
        }
        self.finish_one(queue, self.held());
        owed = true;
      }
      owed = !self.add_one(queue, next_priority(self));
      if (owed) self.back_off();
      self.think();
    }
  }

private:
  static int next_priority(Worker& self) noexcept {
    const int taken = self.taken_priority();
    const auto& point = self.point();
    switch (point.priority_order) {
      case PriorityOrder::uniform: break;
      case PriorityOrder::ascending: return raised(taken, 1);
      case PriorityOrder::descending: return lowered(taken, std::max(1U, point.prefill));
    }
    return self.priority_after(taken);
  }
};
static_assert(Workload<Hold>);

}  // namespace lockbench
