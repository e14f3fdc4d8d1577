#pragma once

#include <chrono>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Producers add as fast as the queue has room; consumers block in `get_next_task`, then complete
/// and forget. A closed loop: the slower side sets the pace, and a refused add (`full_adds`) or a
/// wait that ended with nothing is no operation. What is left when the window ends is drained by
/// the engine, outside the timed part.
struct ProducerConsumer : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "producer_consumer",
      .summary = "producers add; consumers block in get_next_task, complete and forget",
      .uses = common_parameters.with("producers", "consumers"),
      .blocks = true,
      .least_threads = 2};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    if (self.is_producer()) {
      produce(queue, self);
    } else {
      consume(queue, self);
    }
  }

  /// Consumers may be asleep in the queue when the window ends.
  static void wake(TaskQueue auto& queue) { queue.shutdown(ShutdownMode::drain); }

private:
  static void produce(TaskQueue auto& queue, Worker& self) {
    while (self.running()) {
      if (!self.add_one(queue)) self.back_off();
      self.think();
    }
  }

  static void consume(TaskQueue auto& queue, Worker& self) {
    while (self.running()) {
      if (const auto task = self.await_one(queue)) self.finish_one(queue, task->id);
      self.think();
    }
  }
};
static_assert(Workload<ProducerConsumer>);

}  // namespace lockbench
