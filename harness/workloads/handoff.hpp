#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// Measures what waking a sleeping consumer costs. A producer adds one task, waits until a consumer
/// has finished it, and then leaves consumers `idle_ns` to fall asleep again. Each
/// hand-over is timed (`handoff`), from the call of the add to the return of the consumer's take.
///
/// How soundly a consumer sleeps depends on how long it was idle: one that polls looks less often,
/// and its CPU saves more power. A single idle time would show one step of that ladder only.
///
/// The producer waits and pauses awake, yielding its CPU, so that its own falling asleep and waking
/// up is no part of the figure. It takes no tasks, so its priorities come from fixed levels; no more
/// tasks than producers are ever queued, and none stays.
struct Handoff : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "handoff",
      .summary = "one task at a time to a sleeping consumer: what waking it costs",
      .uses = common_parameters.without("prefill").with("producers", "consumers", "idle_ns"),
      .blocks = true,
      .empties_queue = true,
      .paced = true,
      .least_threads = 2,
      .least_window_s = 0.05};
  /// What a producer and its consumer tell each other about the task under way, on its own line.
  struct alignas(128) Slot {
    std::atomic<Clock::rep> called_at{0};
    std::atomic<std::uint64_t> finished{0};
  };
  struct Shared {
    explicit Shared(const WindowSpec& spec) : slots(spec.point.threads) {}
    std::vector<Slot> slots;  ///< by worker; only those of producers are used
  };

  static void run(TaskQueue auto& queue, Worker& self, Shared& shared) {
    if (self.is_producer()) {
      produce(queue, self, shared.slots[self.index()]);
    } else {
      consume(queue, self, shared);
    }
  }

  static void wake(TaskQueue auto& queue) { queue.shutdown(ShutdownMode::drain); }

private:
  static void produce(TaskQueue auto& queue, Worker& self, Slot& slot) {
    const std::chrono::nanoseconds idle{self.point().idle_ns};
    std::uint64_t sent = 0;
    while (self.running()) {
      // Relaxed: the queue publishes it to the thread that takes the task.
      slot.called_at.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
      if (!self.add_one(queue)) {
        self.back_off();
        continue;
      }
      ++sent;
      while (slot.finished.load(std::memory_order_acquire) < sent && self.running()) {  // (2)
        cpu_relax();
        std::this_thread::yield();
      }
      const auto until = Clock::now() + idle;
      while (Clock::now() < until && self.running()) std::this_thread::yield();
      self.think();
    }
  }

  static void consume(TaskQueue auto& queue, Worker& self, Shared& shared) {
    self.expect(LatencyKind::handoff);
    while (self.running()) {
      const auto task = self.await_one(queue);
      if (!task) continue;
      const auto now = Clock::now();
      // Tasks of the prefill have no producer that waits for them.
      const auto owner = task->id >> owner_shift;
      Slot* const slot =
          owner > 0 && owner <= shared.slots.size() ? &shared.slots[owner - 1] : nullptr;
      if (slot != nullptr && self.is_measuring()) {
        const Clock::time_point called{
            Clock::duration{slot->called_at.load(std::memory_order_relaxed)}};
        self.record(LatencyKind::handoff, now - called);
      }
      self.finish_one(queue, task->id);
      if (slot != nullptr) slot->finished.fetch_add(1, std::memory_order_release);  // (1) to (2)
    }
  }
};
static_assert(Workload<Handoff>);

}  // namespace lockbench
