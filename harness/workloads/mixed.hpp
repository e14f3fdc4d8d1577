#pragma once

#include "harness/engine/read_runs.hpp"
#include "harness/engine/workload.hpp"

namespace lockbench {

/// Every thread reads a status with probability `read_ratio` and otherwise moves one task on: add,
/// take, complete, forget. The queue stays near its prefill, since a thread adds again only after
/// it has taken, and stationary by the hold model (hold_model.hpp). One operation = one successful call.
struct Mixed : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "mixed",
      .summary =
          "every thread reads statuses with probability read_ratio and otherwise moves one "
          "task on: add, take, complete, forget",
      .uses = common_parameters.with("read_ratio"),
      .reads_statuses = true};

  static void run(TaskQueue auto& queue, Worker& self, Shared& /*shared*/) {
    using enum Worker::Step;
    ReadRuns runs(self.point().read_ratio, Random(self.random().next()));
    // Does the reads that are due, then a step, until that has been done; false: the window ended.
    const auto write = [&](Worker::Step step) __attribute__((always_inline)) {
      while (reads_until_write(queue, self, runs)) {
        const bool done = self.advance(queue, step);
        self.think();
        if (done) return true;
      }
      return false;
    };
    while (self.step() != add && self.running()) self.advance_one_task(queue);
    // One after the other and not by a switch, whose target the reads in between would hide from the
    // branch predictor. A task that could not be completed is not forgotten.
    while (write(add) && write(take) && write(complete) && (self.step() == add || write(forget))) {
    }
  }

private:
  /// Reads until a write is due. False when the window ended first.
  [[gnu::always_inline]] static bool reads_until_write(TaskQueue auto& queue, Worker& self,
                                                       ReadRuns& runs) noexcept {
    static_assert(ReadRuns::longest == 4);
    while (self.running()) {
      switch (runs.next()) {
        case 0: return true;
        case 1: return read<1>(queue, self);
        case 2: return read<2>(queue, self);
        case 3: return read<3>(queue, self);
        default:
          if (!read<4>(queue, self)) return false;
      }
    }
    return false;
  }

  /// Reads `times`, without a branch that could be mispredicted. False when the window has ended.
  template <unsigned times>
  [[gnu::always_inline]] static bool read(TaskQueue auto& queue, Worker& self) noexcept {
    self.read_status(queue);
    self.think();
    if (!self.running()) return false;
    if constexpr (times > 1) return read<times - 1>(queue, self);
    return true;
  }
};
static_assert(Workload<Mixed>);

}  // namespace lockbench
