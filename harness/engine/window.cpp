#include "harness/engine/window.hpp"

#include <chrono>
#include <thread>

#include "harness/engine/heartbeat.hpp"

namespace lockbench::detail {

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

double overslept_s(double seconds, double delay_s) {
  thread_local BeatClock clock;  // its file stays open
  (void)clock.since_last(0);
  sleep_s(seconds + delay_s);
  return stopped_s(clock.since_last(seconds));
}

void StartBarrier::arrive_and_wait() noexcept {
  if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    phase_.value.store(Phase::warm_up, std::memory_order_release);
    phase_.value.notify_one();  // the coordinator; the others spin
    return;
  }
  constexpr unsigned spins_before_yield = 256;
  for (unsigned spin = 1; phase_.value.load(std::memory_order_acquire) == Phase::gather; ++spin) {
    cpu_relax();
    if (spin % spins_before_yield == 0) std::this_thread::yield();
  }
}

void StartBarrier::await_all() noexcept {
  phase_.value.wait(Phase::gather, std::memory_order_acquire);
}

WindowOutcome outcome_of(std::span<const Worker> workers) {
  WindowOutcome outcome;
  for (const auto& worker : workers) {
    outcome.threads.push_back(worker.notes);
    outcome.latencies.merge(worker.latencies);
  }
  outcome.latencies.add_up_operations();
  outcome.measurement = measurement_of(outcome.threads);
  return outcome;
}

void include_workers(Account& account, std::span<const Worker> workers) {
  for (const auto& worker : workers) {
    account.added += worker.tally.adds;
    account.taken += worker.tally.takes;
    account.cancelled += worker.tally.cancels;
    account.added_ids.sum += worker.added.sum;
    account.taken_ids.sum += worker.removed.sum;
    account.contradictions += worker.contradictions;
  }
}

namespace {
thread_local WorkSource* critical_work = nullptr;
}  // namespace

void work_in_critical_section() noexcept {
  if (critical_work != nullptr) critical_work->run();
}
void set_critical_work(WorkSource* work) noexcept {
  critical_work = work;
}

}  // namespace lockbench::detail
