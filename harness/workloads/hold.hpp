#pragma once

#include <string_view>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Take one, add one, at a size that stays as it is: the hold model, by which priority queues have
/// been compared since Jones (1986). Every thread takes a task, completes and forgets it, and adds
/// one whose priority is drawn (`uniform`), above all before it (`ascending`: it is the next to be
/// taken) or below all before it (`descending`: it goes through the whole queue).
struct Hold : WorkloadDefaults {
  static constexpr std::string_view name = "hold";

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    const PriorityOrder order = self.point().priority_order;
    const int levels = static_cast<int>(self.point().priorities);
    // Beyond all levels of the prefill from the first.
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
