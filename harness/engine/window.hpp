#pragma once

/// One window: one queue, made and prefilled for it, worked on by the team for a fixed time,
/// measured by the workers' own clocks, then emptied and audited.

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "harness/engine/hold_model.hpp"
#include "harness/engine/measured_window.hpp"
#include "harness/engine/team.hpp"
#include "harness/engine/window_spec.hpp"
#include "harness/engine/worker.hpp"
#include "harness/engine/workload.hpp"
#include "strategies/storage/critical_section.hpp"

namespace lockbench {

namespace detail {

void sleep_s(double seconds);
/// Sleeps for `seconds`, and for a planted delay beyond them. Returns how much longer than `seconds`
/// that took, where no wait for a CPU explains it; see metrics/stop.hpp.
[[nodiscard]] double overslept_s(double seconds, double delay_s);

/// Holds every worker until the last one is there, so that no one starts with a lead.
class StartBarrier {
public:
  StartBarrier(PhaseFlag& phase, std::uint32_t threads) : phase_(phase), missing_(threads) {}
  /// Spins, and yields now and then since the last one may need this CPU to arrive.
  void arrive_and_wait() noexcept;
  /// For the coordinator: sleeps until all have arrived.
  void await_all() noexcept;

private:
  PhaseFlag& phase_;
  std::atomic<std::uint32_t> missing_;
};

/// What the workers noted of the window.
[[nodiscard]] WindowOutcome outcome_of(std::span<const Worker> workers);
/// Adds the calls of all workers, warm-up included.
void include_workers(Account& account, std::span<const Worker> workers);

/// Leaves tasks in progress for reads to ask about. Before the prefill, so that each take finds the
/// task just added.
void add_standing_tasks(auto& queue, const WindowSpec& spec, std::uint32_t tasks,
                        Account& account) {
  const std::vector<std::byte> payload(spec.point.payload_bytes);
  const TaskId first = first_id_of(standing_owner);
  for (TaskId id = first; id < first + tasks; ++id) {
    account.added += queue.add_task(id, 0, payload) == AddResult::added ? 1 : 0;
    account.added_ids.include(id);
    if (const auto task = queue.try_get_next_task()) {
      ++account.taken;
      account.taken_ids.include(task->id);
    }
  }
}

/// Adds tasks 0 … prefill - 1 of owner 0, with the priorities of a queue that has long been in use.
void prefill(auto& queue, const WindowSpec& spec, Account& account) {
  Random random(spec.seed ^ 0x5eed);
  const std::vector<std::byte> payload(spec.point.payload_bytes);
  for (std::uint32_t i = 0; i < spec.point.prefill; ++i) {
    const TaskId id = first_id_of(0) + i;
    const int priority = prefill_priority(spec.point, i, random);
    if (queue.add_task(id, priority, payload) != AddResult::added) break;
    ++account.added;
    account.added_ids.include(id);
  }
}

/// Takes what is left. Bounded, since a broken queue may hand out for ever.
void drain(auto& queue, std::uint64_t most, Account& account) {
  std::vector<TaskId> ids;
  while (ids.size() < most) {
    const auto task = queue.try_get_next_task();
    if (!task) break;
    ids.push_back(task->id);
    account.taken_ids.include(task->id);
  }
  account.remaining = ids.size();
  std::sort(ids.begin(), ids.end());
  account.remaining_twice =
      static_cast<std::uint64_t>(ids.end() - std::unique(ids.begin(), ids.end()));
}

/// The work that the calling thread does when a queue holds its lock for it.
void work_in_critical_section() noexcept;
/// Chooses whose work that is, for the calling thread.
void set_critical_work(WorkSource* work) noexcept;

/// Switches the critical-section work of the queue on or off. Does nothing where it holds no lock.
template <class Queue>
void use_critical_section(Queue& queue, bool on) {
  if constexpr (HasCriticalSection<Queue>) {
    queue.set_critical_section(on ? &work_in_critical_section : nullptr);
  }
}

}  // namespace detail

/// Runs one window of workload W on a new queue of strategy Q. The queue is built, filled, emptied
/// and destroyed outside the timed part. Not for concurrent use of one team.
template <Workload W, TaskQueue Q>
requires(W::template supports<Q>) [[nodiscard]] WindowOutcome
    run_window(Team& team, const WindowSpec& spec) {
  using Queue = typename W::template QueueOf<Q>;
  const QueueLimits limits{.capacity = effective_capacity(spec.point, W::info),
                           .payload_bytes = spec.point.payload_bytes};
  const auto queue = std::make_unique<Queue>(limits);
  Account account;
  detail::add_standing_tasks(*queue, spec, standing_tasks_of(spec.point, W::info), account);
  detail::prefill(*queue, spec, account);

  const auto size_start = queue->size();
  PhaseFlag phase;
  detail::StartBarrier barrier(phase, team.size());
  std::vector<Worker> workers;
  workers.reserve(spec.point.threads);
  for (std::uint32_t i = 0; i < spec.point.threads; ++i) {
    workers.emplace_back(phase, spec, i, W::role(spec.point, i));
  }
  typename W::Shared shared(spec);
  detail::use_critical_section(*queue, spec.point.critical_section_ns > 0);
  const std::function<void(std::uint32_t)> job = [&](std::uint32_t index) {
    detail::set_critical_work(&workers[index].critical_work());
    workers[index].expect_operations();
    workers[index].arrive();
    barrier.arrive_and_wait();
    W::run(*queue, workers[index], shared);
  };
  team.start(job);
  barrier.await_all();
  detail::sleep_s(spec.warm_up_s + spec.coordinator_delay_s);
  phase.value.store(Phase::measure, std::memory_order_relaxed);
  const double stopped_s = detail::overslept_s(spec.window_s, spec.coordinator_delay_s);
  phase.value.store(Phase::stop, std::memory_order_relaxed);
  W::wake(*queue);
  team.finish();
  detail::use_critical_section(*queue, false);

  auto outcome = detail::outcome_of(workers);
  outcome.stopped_s = stopped_s;
  outcome.size_start = size_start;
  outcome.size_end = queue->size();
  if (Q::traits.conformance == Conformance::none) return outcome;  // nothing stored or owed

  account.size_before_drain = outcome.size_end;
  detail::include_workers(account, workers);
  detail::drain(*queue, account.added + limits.capacity, account);
  // A bare package does not count what it holds.
  if constexpr (!std::same_as<Queue, Q>) account.size_before_drain = account.remaining;
  outcome.violations = audit(account);
  return outcome;
}

}  // namespace lockbench
