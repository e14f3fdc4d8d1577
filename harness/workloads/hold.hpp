#pragma once

#include "harness/engine/workload.hpp"

namespace lockbench {

/// The hold model, by which priority queues have been compared since Jones (1986): take one, add
/// one, at a constant size. Every thread takes a task, completes and forgets it, and adds
/// one whose priority is drawn (`uniform`), above all before it (`ascending`: it is the next to be
/// taken) or below all before it (`descending`: it goes through the whole queue).
struct Hold : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "hold",
      .summary =
          "take one, add one: the classical test of priority queues, with uniform, "
          "ascending or descending priorities",
      .uses = common_parameters.with("priority_order")};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    const PriorityOrder order = self.point().priority_order;
    const int levels = static_cast<int>(self.point().priorities);
    // Both lie beyond all levels of the prefill from the start.
    int highest = levels;
    int lowest = -1;
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
      switch (order) {
        case PriorityOrder::uniform: owed = !self.add_one(queue); break;
        case PriorityOrder::ascending: owed = !self.add_one(queue, highest++); break;
        case PriorityOrder::descending: owed = !self.add_one(queue, lowest--); break;
      }
      if (owed) self.back_off();
      self.think();
    }
  }
};
static_assert(Workload<Hold>);

}  // namespace lockbench
