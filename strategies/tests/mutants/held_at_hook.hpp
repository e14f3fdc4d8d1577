#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>

#include "strategies/tests/mutants/hook_point.hpp"

namespace lockbench::mutants {

/// Forces one interleaving: the first call that comes to a hook point is held there until it is let
/// go; all others pass. One at a time in a process.
class HeldAtHook {
public:
  HeldAtHook() {
    state.store(State::armed, std::memory_order_release);
    set_hook(&stop);
  }
  ~HeldAtHook() {
    set_hook(nullptr);
    let_go();
  }
  HeldAtHook(const HeldAtHook&) = delete;
  HeldAtHook& operator=(const HeldAtHook&) = delete;

  /// Begins `call` on a thread of its own, and returns when it is held, or is over without having
  /// come to a hook point. A call that waits for something else has to be held, or this waits as well.
  auto begin(auto call) {
    auto result = std::async(std::launch::async, call);
    while (state.load(std::memory_order_acquire) != State::held &&
           result.wait_for(std::chrono::microseconds{100}) != std::future_status::ready) {
    }
    return result;
  }

  void let_go() noexcept {
    state.store(State::open, std::memory_order_release);
    state.notify_all();
  }

private:
  enum class State : std::uint8_t { open, armed, held };

  static void stop() noexcept {
    auto expected = State::armed;
    if (state.compare_exchange_strong(expected, State::held)) state.wait(State::held);
  }

  static inline std::atomic<State> state{State::open};
};

}  // namespace lockbench::mutants
