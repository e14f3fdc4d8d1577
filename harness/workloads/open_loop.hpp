#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "harness/engine/workload.hpp"
#include "harness/workloads/in_flight.hpp"

namespace lockbench {

/// Tasks arrive at times that were intended beforehand, whether or not the queue keeps up. Consumers
/// take, work for `work_ns`, complete and forget, and think. The intended time travels in the
/// payload, and the sojourn time counts from it: when a producer was held up and adds tasks late,
/// each of them has waited since it was due (no "coordinated omission", as Gil Tene calls it).
///
/// Consumers finish every task that was due within the window, even after the window's end.
struct OpenLoop : WorkloadDefaults {
  static constexpr WorkloadInfo info{
      .name = "open_loop",
      .summary =
          "tasks arrive at intended times at a share of the measured capacity; "
          "sojourn time counts from the intended arrival",
      .uses = common_parameters.without("prefill").with("producers", "consumers", "work_ns",
                                                        "work_jitter", "load", "arrivals"),
      .blocks = true,
      .paced = true,
      .least_threads = 2,
      .least_window_s = 0.2};
  /// When the task was due, in ticks of `Clock` since its epoch; the payload begins with it.
  using DueTime = Clock::rep;

  struct Shared {
    explicit Shared(const WindowSpec& spec)
        : gap_ns(spec.arrivals_s > 0 ? 1e9 * spec.point.producers / spec.arrivals_s : 0),
          in_flight(spec, most_waiting),
          front(spec.point),
          producers_left(spec.point.producers) {}
    /// While capacity is measured, enough that no consumer runs out of tasks, and few enough that
    /// the queue is about as deep as it is later.
    static constexpr std::uint64_t most_waiting = 256;
    double gap_ns;  ///< mean time between two arrivals of one producer; 0: as fast as it goes
    InFlight in_flight;
    QueueFront front;
    std::atomic<std::uint32_t> producers_left;
    std::atomic<DueTime> measured_from{never};  ///< when the first producer saw the window begin
    static constexpr DueTime never = std::chrono::nanoseconds::max().count();
  };

  static void run(TaskQueue auto& queue, Worker& self, Shared& shared) {
    if (self.is_producer()) {
      produce(queue, self, shared);
      // The last producer to leave tells the consumers that no more tasks will come.
      if (shared.producers_left.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        queue.shutdown(ShutdownMode::drain);
      }
    } else {
      consume(queue, self, shared);
    }
  }

private:
  /// Draws the next gap between arrivals; by inverse transform where they are a Poisson process.
  static Clock::duration gap(Worker& self, double mean_ns) noexcept {
    if (self.point().arrivals == Arrivals::fixed) return nanoseconds(mean_ns);
    return nanoseconds(-mean_ns * std::log(1 - self.random().fraction()));
  }
  static Clock::duration nanoseconds(double ns) noexcept {
    return std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double, std::nano>(ns));
  }

  static void produce(TaskQueue auto& queue, Worker& self, Shared& shared) {
    std::array<std::byte, QueueLimits::max_payload_bytes> payload{};
    Clock::time_point due = Clock::now();
    bool announced = false;
    while (self.running()) {
      if (!announced && self.is_measuring()) announced = announce(shared, self.notes.start.time);
      const auto now = Clock::now();
      if (shared.gap_ns == 0) {
        if (self.tally.adds % InFlight::stride == 0) {
          shared.in_flight.publish_now(self.index(), self.tally.adds);
          if (shared.in_flight.is_full(self.point().producers)) {
            self.back_off();
            continue;
          }
        }
        due = now;
      } else if (now < due) {
        pass_time(due - now);
        continue;
      }
      add_due(queue, self, shared, payload, due);
    }
    // Tasks that were due before the end but are late are added all the same.
    while (shared.gap_ns > 0 && due < self.notes.stop.time) {
      add_due(queue, self, shared, payload, due);
    }
  }

  /// Adds the task that is due, and moves `due` on to the next one; pauses where there is no room.
  static void add_due(TaskQueue auto& queue, Worker& self, const Shared& shared, auto& payload,
                      Clock::time_point& due) {
    const DueTime ticks = due.time_since_epoch().count();
    std::memcpy(payload.data(), &ticks, sizeof ticks);
    const int priority = self.priority_after(shared.front.priority());
    if (!self.add_one(queue, priority, {payload.data(), self.point().payload_bytes})) {
      self.back_off();
    } else if (shared.gap_ns > 0) {
      due += gap(self, shared.gap_ns);
    }
  }

  /// Stays awake, since the delay of a timer would delay the arrival; but yields where there is
  /// time, since a consumer may need this CPU.
  static void pass_time(Clock::duration left) noexcept {
    if (left > std::chrono::microseconds(5)) {
      std::this_thread::yield();
    } else {
      cpu_relax();
    }
  }

  static bool announce(Shared& shared, Clock::time_point time) noexcept {
    DueTime expected = Shared::never;
    // Relaxed: the time stamp publishes nothing but itself.
    shared.measured_from.compare_exchange_strong(expected, time.time_since_epoch().count(),
                                                 std::memory_order_relaxed);
    return true;
  }

  static void consume(TaskQueue auto& queue, Worker& self, Shared& shared) {
    if (shared.gap_ns > 0) {
      for (const auto kind : {LatencyKind::wait, LatencyKind::service, LatencyKind::sojourn}) {
        self.expect(kind);
      }
    }
    bool in_window = true;
    for (;;) {
      if (in_window) in_window = self.running();
      const auto task = self.await_one(queue);
      if (!task) break;  // shut down, and nothing is left
      const auto taken_at = Clock::now();
      shared.front.publish(self.tally.takes, task->priority);
      const auto due = due_time(*task);  // before the task is forgotten and its payload reused
      self.work();
      const bool done = self.complete_one(queue, task->id);
      const auto done_at = Clock::now();
      if (done) self.forget_one(queue, task->id);
      self.think();
      if (shared.gap_ns == 0) {
        shared.in_flight.publish_now(self.index(), self.tally.takes);
        if (!in_window) break;  // only the rate was asked for; the engine drains the rest
        continue;
      }
      if (!due ||
          due->time_since_epoch().count() < shared.measured_from.load(std::memory_order_relaxed)) {
        continue;
      }
      self.record(LatencyKind::wait, taken_at - *due);
      self.record(LatencyKind::service, done_at - taken_at);
      self.record(LatencyKind::sojourn, done_at - *due);
    }
    if (!in_window) self.notes.woken_by_stop = false;  // it was awake when the window ended
    while (in_window) in_window = self.running();
  }

  static std::optional<Clock::time_point> due_time(const Task& task) noexcept {
    DueTime ticks = 0;
    if (task.payload.size() < sizeof ticks) return std::nullopt;  // no producer added it
    std::memcpy(&ticks, task.payload.data(), sizeof ticks);
    if (ticks == 0) return std::nullopt;  // it is of the prefill
    return Clock::time_point{Clock::duration{ticks}};
  }
};
static_assert(Workload<OpenLoop>);

}  // namespace lockbench
