#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/engine/workload.hpp"
#include "harness/workloads/in_flight.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"

namespace lockbench {

/// A package's own queue as `raw_fifo` uses it, without ids, statuses, counts or payloads: it holds
/// 32-bit values. It answers the calls with which the engine fills, empties and audits a window, and
/// is no task queue.
template <RecordFifo Fifo>
class RawFifoQueue {
public:
  explicit RawFifoQueue(QueueLimits limits = {}) : fifo_{limits.capacity} {}

  [[nodiscard]] bool push(std::uint32_t value) { return fifo_.try_push(value); }
  /// Pops as the package does, without the retries that a strategy's contract may ask for.
  [[nodiscard]] std::optional<std::uint32_t> pop() {
    if constexpr (requires { fifo_.try_pop_once(); }) {
      return fifo_.try_pop_once();
    } else {
      return fifo_.try_pop();
    }
  }

  // Takes ids below 2^32 - 1. Adds 1, since a package may give the value 0 a meaning of its own.
  AddResult add_task(TaskId id, int /*priority*/, Payload /*payload*/) {
    return push(static_cast<std::uint32_t>(id + 1)) ? AddResult::added : AddResult::full;
  }
  std::optional<Task> try_get_next_task() {
    const auto value = fifo_.try_pop();  // when emptied, nothing must be missed
    if (!value) return std::nullopt;
    return Task{.id = TaskId{*value} - 1};
  }
  /// Always 0, since no package counts exactly.
  [[nodiscard]] std::size_t size() const noexcept { return 0; }

private:
  Fifo fifo_;
};

/// Producers push and consumers pop 32-bit values on the bare queue of a lock-free package, without
/// the contract's ids and statuses. Its results can be held against the package's own benchmarks,
/// and show what the contract costs on top. Only for strategies that are built on such a package.
struct RawFifo : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "raw_fifo",
      .summary =
          "producers push and consumers pop on a package's bare queue, without "
          "ids and statuses",
      // A bare package has no calls that work could be put into, and its values no priorities.
      .uses = common_parameters.without("prefill", "priorities", "critical_section_ns", "think_ns")
                  .with("producers", "consumers"),
      .least_threads = 2,
      .only_tag = "lockfree"};

  template <TaskQueue Q>
  static constexpr bool supports = requires {
    typename Q::Package;
  };

  struct Shared {
    /// A package may be unbounded, or unable to say that it is full, so the producers themselves
    /// keep within half of the capacity.
    explicit Shared(const WindowSpec& spec)
        : in_flight(spec, effective_capacity(spec.point, info) / 2) {}
    InFlight in_flight;
  };

  template <TaskQueue Q>
  using QueueOf = RawFifoQueue<typename Q::Package>;

  static void run(auto& queue, Worker& self, Shared& shared) {
    if constexpr (requires { queue.pop(); }) {
      if (self.is_producer()) {
        produce(queue, self, shared.in_flight);
      } else {
        consume(queue, self, shared.in_flight);
      }
    }
  }

private:
  static constexpr unsigned count_bits = 24;

  // A thread keeps its counts in registers until the phase changes: the packages' atomic operations
  // wait for every store before them, and where a push takes 60 ns that shows.

  /// Values have the producer in the upper bits and a count in the lower. The count wraps around in
  /// windows of more than 2^24 pushes; the audit compares multisets, so equal values do no harm.
  static void produce(auto& queue, Worker& self, InFlight& in_flight) {
    const std::uint32_t first = (self.index() + 1) << count_bits;
    constexpr std::uint32_t mask = (1U << count_bits) - 1;
    std::uint64_t count = 0;
    IdChecksum added;
    while (self.running([&] { self.tally.adds = count; })) {
      if (count % InFlight::stride == 0 && in_flight.is_full(self.point().producers)) {
        ++self.tally.full_adds;
        self.back_off();
        continue;
      }
      const std::uint32_t value = first | (static_cast<std::uint32_t>(count) & mask);
      if (queue.push(value + 1)) {
        ++count;
        added.include(value);
        in_flight.publish(self.index(), count);
      } else {
        ++self.tally.full_adds;
        self.back_off();
      }
    }
    self.added = added;
  }

  static void consume(auto& queue, Worker& self, InFlight& in_flight) {
    std::uint64_t count = 0;
    IdChecksum taken;
    while (self.running([&] { self.tally.takes = count; })) {
      if (const auto value = queue.pop()) {
        ++count;
        taken.include(TaskId{*value} - 1);
        in_flight.publish(self.index(), count);
      } else {
        ++self.tally.empty_takes;
        in_flight.publish_now(self.index(), count);
        self.back_off();
      }
    }
    self.removed = taken;
  }
};
static_assert(Workload<RawFifo>);

}  // namespace lockbench
