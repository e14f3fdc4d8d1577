#pragma once

#include <chrono>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Producers add as fast as the queue has room; consumers block in `get_next_task`, then complete
/// and forget. A closed loop: the slower side sets the pace, and a refused add (`full_adds`) or a
/// wait that ended with nothing is no operation. What is left when the window ends is drained by
/// the engine, outside the timed part. Producers follow the front of the queue with their priorities,
/// so however many tasks are queued, their order is that of the hold model.
struct ProducerConsumer : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "producer_consumer",
      .summary = "producers add; consumers block in get_next_task, complete and forget",
      .uses = common_parameters.with("producers", "consumers"),
      .blocks = true,
      .least_threads = 2};

  struct Shared {
    explicit Shared(const WindowSpec& spec) noexcept : front(spec.point) {}
    QueueFront front;
  };

  static void run(TaskQueue auto& queue, Worker& self, Shared& shared) {
    if (self.is_producer()) {
      produce(queue, self, shared.front);
    } else {
      consume(queue, self, shared.front);
    }
  }

  /// Consumers may be asleep in the queue when the window ends.
  static void wake(TaskQueue auto& queue) { queue.shutdown(ShutdownMode::drain); }

private:
  static void produce(TaskQueue auto& queue, Worker& self, const QueueFront& front) {
    while (self.running()) {
      if (!self.add_one(queue, self.priority_after(front.priority()))) self.back_off();
      self.think();
    }
  }

  static void consume(TaskQueue auto& queue, Worker& self, QueueFront& front) {
    while (self.running()) {
      if (const auto task = self.await_one(queue)) {
        front.publish(self.tally.takes, task->priority);
        self.finish_one(queue, task->id);
      }
      self.think();
    }
  }
};
static_assert(Workload<ProducerConsumer>);

}  // namespace lockbench
