#pragma once

/// What the tests of planted causes have in common.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "harness/engine/worker.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {

/// What has to show is a time, and a sanitizer's own times are several times larger: the same code
/// runs under the sanitizers in the tests of windows and workloads.
class PlantedTest : public WatchedTest {
protected:
  void SetUp() override {
    if (sanitized) GTEST_SKIP() << "what a sanitizer costs would hide what is planted";
    WatchedTest::SetUp();
  }
};

/// Other programs may take the CPU away in one try; in ten of ten hardly.
testing::AssertionResult within_ten_tries(auto&& attempt) {
  auto result = attempt();
  for (int further = 0; further < 9 && !result; ++further) result = attempt();
  return result;
}

/// Keeps one caller out, once, some time after the first call.
class OneStall {
public:
  static constexpr std::chrono::milliseconds length{10};
  /// After the warm-up, which lasts 3 ms, and well before the end of a window.
  static constexpr std::chrono::milliseconds after{20};

  void pass() noexcept {
    const auto now = Clock::now().time_since_epoch().count();
    Clock::rep first = 0;
    // Relaxed: nothing but the time is handed over.
    if (first_.compare_exchange_strong(first, now, std::memory_order_relaxed)) return;
    if (Clock::duration{now - first} < after || over_.load(std::memory_order_relaxed)) return;
    if (!over_.exchange(true, std::memory_order_relaxed)) std::this_thread::sleep_for(length);
  }

private:
  std::atomic<Clock::rep> first_{0};
  std::atomic<bool> over_{false};
};

/// A queue one of whose calls of one kind is held up, before it reaches the queue.
template <class Queue>
struct StallingReads : Queue {
  using Queue::Queue;
  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    stall_.pass();
    return Queue::get_status(id);
  }

private:
  mutable OneStall stall_;
};
template <class Queue>
struct StallingAdds : Queue {
  using Queue::Queue;
  AddResult add_task(TaskId id, int priority, Payload payload) {
    stall_.pass();
    return Queue::add_task(id, priority, payload);
  }

private:
  OneStall stall_;
};
template <class Queue>
struct StallingTakes : Queue {
  using Queue::Queue;
  TakeResult get_next_task(Deadline deadline) {
    stall_.pass();
    return Queue::get_next_task(deadline);
  }

private:
  OneStall stall_;
};

}  // namespace lockbench::testing_support
