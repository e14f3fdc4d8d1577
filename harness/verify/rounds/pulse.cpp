#include "harness/verify/rounds/pulse.hpp"

#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <cstddef>
#include <utility>

#include "harness/base/thread_affinity.hpp"

namespace lockbench::verify {
namespace {

constexpr std::chrono::microseconds between_beats{500};
constexpr std::size_t most_beats = 1U << 14U;

void beat(std::vector<std::int64_t>& beats_ns, const std::stop_token& over) {
  const auto cpus = affinity_of(0);
  const sched_param none{};
  if (cpus.empty() || ::sched_setscheduler(0, SCHED_IDLE, &none) != 0) return;
  while (!over.stop_requested() && beats_ns.size() < most_beats) {
    if (pin(pthread_self(), cpus[beats_ns.size() % cpus.size()]) != 0) return;
    std::this_thread::sleep_for(between_beats);
    beats_ns.push_back(std::chrono::steady_clock::now().time_since_epoch().count());
  }
}

}  // namespace

Pulse::Pulse() : thread_([this](const std::stop_token& over) { beat(beats_ns_, over); }) {}

std::vector<std::int64_t> Pulse::stop() {
  thread_.request_stop();
  thread_.join();
  return std::move(beats_ns_);
}

}  // namespace lockbench::verify
