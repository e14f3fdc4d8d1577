#include "harness/engine/window.hpp"

#include <chrono>
#include <thread>

namespace lockbench::detail {

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
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

std::vector<Worker> make_workers(const PhaseFlag& phase, const WindowSpec& spec) {
  std::vector<Worker> workers;
  workers.reserve(spec.point.threads);
  for (std::uint32_t i = 0; i < spec.point.threads; ++i) {
    workers.emplace_back(phase, spec.point, i, spec.seed);
  }
  return workers;
}

Measurement measure_workers(std::span<const Worker> workers) {
  std::vector<ThreadRecord> records;
  records.reserve(workers.size());
  for (const auto& worker : workers) {
    records.push_back({.start = worker.start,
                       .stop = worker.stop,
                       .measured = worker.measured(),
                       .is_producer = worker.is_producer(),
                       .woken_by_stop = worker.woken_by_stop});
  }
  return measure(records);
}

void include_workers(Account& account, std::span<const Worker> workers) {
  for (const auto& worker : workers) {
    account.added += worker.tally.adds;
    account.taken += worker.tally.takes;
    account.added_ids.sum += worker.added.sum;
    account.taken_ids.sum += worker.taken.sum;
    account.contradictions += worker.contradictions;
  }
}

}  // namespace lockbench::detail
