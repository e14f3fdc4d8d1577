#pragma once

#include <string_view>

#include "harness/engine/worker.hpp"

namespace lockbench {

/// Every thread reads a status with probability `read_ratio` and otherwise moves one task on: add,
/// take, complete, forget. The queue stays near its prefill, since a thread adds again only after
/// it has taken. One operation = one successful call.
struct Mixed {
  static constexpr std::string_view name = "mixed";

  static void run(TaskQueue auto& queue, Worker& self) {
    while (self.running()) {
      if (self.draws_read()) {
        self.read_status(queue);
      } else {
        self.advance_one_task(queue);
      }
    }
  }

  /// Nobody blocks, so nobody needs to be woken when the window ends.
  static void wake(TaskQueue auto& /*queue*/) {}
};

}  // namespace lockbench
