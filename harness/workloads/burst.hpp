#pragma once

#include <atomic>
#include <cstdint>

#include "harness/engine/workload.hpp"

namespace lockbench {

/// A barrier that a team passes again and again, and that holds nobody once the window has ended.
/// Threads spin, and yield now and then, since the last one to arrive may need this CPU.
class Rendezvous {
public:
  explicit Rendezvous(std::uint32_t threads) noexcept : threads_(threads) {}

  /// Returns once every thread has arrived; false when the window ended first.
  bool meet(Worker& self) noexcept {
    const auto round = round_.load(std::memory_order_relaxed);
    // (1) acq_rel: the last thread to arrive sees what the others did, and its release (2) hands
    // that to all of them.
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);  // (2) pairs with (3)
      return self.running();
    }
    constexpr unsigned spins_before_yield = 256;
    for (unsigned spin = 1; round_.load(std::memory_order_acquire) == round; ++spin) {  // (3)
      if (!self.running()) return false;
      cpu_relax();
      if (spin % spins_before_yield == 0) std::this_thread::yield();
    }
    return self.running();
  }

private:
  std::uint32_t threads_;
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> round_{0};
};

/// All threads add `burst` tasks each, meet, then take and finish tasks until none is left, and
/// meet again. The queue's size swings between 0 and threads x burst. The time that threads wait for one
/// another counts. Priorities come from fixed levels: no task stays from one burst to the next.
struct Burst : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "burst",
      .summary = "all threads fill the queue, meet, drain it, and meet again",
      .uses = common_parameters.without("prefill").with("burst"),
      .empties_queue = true};

  struct Shared {
    explicit Shared(const WindowSpec& spec) noexcept
        : filled(spec.point.threads), drained(spec.point.threads) {}
    Rendezvous filled;
    Rendezvous drained;
  };

  static void run(TaskQueue auto& queue, Worker& self, Shared& shared) {
    const int first = first_priority(self.point());
    while (self.running()) {
      for (std::uint32_t i = 0; i < self.point().burst && self.running(); ++i) {
        if (!self.add_one(queue, self.priority_after(first))) self.back_off();
        self.think();
      }
      if (!shared.filled.meet(self)) return;
      for (std::uint32_t i = 0; i < self.point().burst && self.running(); ++i) {
        if (!self.take_one(queue)) break;  // the others have taken more than they added
        self.finish_one(queue, self.held());
        self.think();
      }
      if (!shared.drained.meet(self)) return;
    }
  }
};
static_assert(Workload<Burst>);

}  // namespace lockbench
