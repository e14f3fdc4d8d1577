#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// The bound is tested by `>` instead of `>=` (CWE-193): the queue holds one task too many.
class CapacityOffByOne : public Original<CapacityOffByOne> {
public:
  static constexpr auto traits =
      claims("capacity_off_by_one", "a queue of capacity n accepts n + 1 tasks");
  static constexpr Expectation expected{.caught_by = CaughtBy::contract};

  /// Asks for room for one more, so that the task too many harms no memory.
  explicit CapacityOffByOne(QueueLimits limits = {})
      : Original{{.capacity = limits.capacity + 1, .payload_bytes = limits.payload_bytes}} {}
};
static_assert(TaskQueue<CapacityOffByOne>);

}  // namespace lockbench::mutants
