#pragma once

#include <chrono>
#include <string_view>

#include "harness/engine/worker.hpp"

namespace lockbench {

/// Producers add as fast as the queue has room; consumers block in `get_next_task`, then complete
/// and forget. A closed loop: the slower side sets the pace, and a refused add (`full_adds`) or a
/// wait that ended with nothing is no operation. What is left when the window ends is drained by
/// the engine, outside the timed part.
struct ProducerConsumer {
  static constexpr std::string_view name = "producer_consumer";
  /// Longer than any window: only a lost wake-up makes a consumer reach it.
  static constexpr std::chrono::seconds patience{100};

  static void run(TaskQueue auto& queue, Worker& self) {
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
    }
  }

  static void consume(TaskQueue auto& queue, Worker& self) {
    const Deadline deadline = Clock::now() + patience;
    while (self.running()) {
      const TakeResult result = queue.get_next_task(deadline);
      self.woken_by_stop = result.outcome != TakeOutcome::task;
      if (result.outcome == TakeOutcome::task) {
        self.take(result.task);
        if (self.complete_one(queue, result.task.id)) self.forget_one(queue, result.task.id);
      } else {
        ++self.tally.empty_takes;
      }
    }
  }
};

}  // namespace lockbench
