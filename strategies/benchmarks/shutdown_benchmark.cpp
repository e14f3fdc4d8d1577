/// How long a shutdown takes beside threads that try refused adds again and again: `discard` until it
/// returns, `drain` until a take says that nothing can come. One iteration is one queue; the counter
/// `longest_ms` is the slowest of them, in milliseconds.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "strategies/registry.hpp"

namespace {

using namespace lockbench;
using Clock = std::chrono::steady_clock;

constexpr TaskId retrying = 8;

/// Threads that add the same few tasks until they are told to stop, whatever the answer.
template <TaskQueue Q>
class RetryingProducers {
public:
  explicit RetryingProducers(Q& queue) {
    for (TaskId id = 0; id < retrying; ++id) {
      threads_.emplace_back([this, &queue, id](const std::stop_token& stop) {
        ++running_;
        while (!stop.stop_requested()) benchmark::DoNotOptimize(queue.add_task(id, 0, {}));
      });
    }
    while (running_ != retrying) std::this_thread::yield();
  }

private:
  std::atomic<TaskId> running_{0};
  std::vector<std::jthread> threads_;  // last: they use the other
};

/// False when a take gave up although nothing could come.
template <TaskQueue Q>
bool shut_down(Q& queue, ShutdownMode mode) {
  queue.shutdown(mode);
  auto outcome = TakeOutcome::task;
  while (outcome == TakeOutcome::task) {
    outcome = queue.get_next_task(Clock::now() + std::chrono::seconds{10}).outcome;
  }
  return outcome == TakeOutcome::shut_down;
}

template <TaskQueue Q>
void shutdown_beside_retries(benchmark::State& state, ShutdownMode mode) {
  double longest_s = 0;
  for ([[maybe_unused]] auto iteration : state) {
    Q queue{{.capacity = 64, .payload_bytes = 0}};
    const RetryingProducers<Q> producers{queue};
    const auto start = Clock::now();
    if (!shut_down(queue, mode)) {
      state.SkipWithError("a take timed out although nothing could come");
      return;
    }
    const double took_s = std::chrono::duration<double>(Clock::now() - start).count();
    state.SetIterationTime(took_s);
    longest_s = std::max(longest_s, took_s);
  }
  state.counters["longest_ms"] = longest_s * 1e3;
}

template <TaskQueue Q>
void register_strategy() {
  if constexpr (Q::traits.conformance == Conformance::full) {
    for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
      const auto name = std::string{Q::traits.name} +
                        (mode == ShutdownMode::drain ? "/last_take_after_drain" : "/discard");
      benchmark::RegisterBenchmark(
          name.c_str(),
          [mode](benchmark::State& state) { shutdown_beside_retries<Q>(state, mode); })
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond)
          ->Iterations(50);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  for_each_strategy(Strategies{}, []<TaskQueue Q>() { register_strategy<Q>(); });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
