#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The pauses of a thread that looks again and again for something nobody will wake it for: first
/// spins, then yields, then sleeps of 50 us growing to 1 ms. One object a wait, used by one thread.
class PollWait {
public:
  /// Pauses, a little longer each time, but never past `deadline`.
  /// False, at once, when `deadline` has passed: the wait is over.
  [[nodiscard]] bool pause_until(Deadline deadline) {
    const auto now = Deadline::clock::now();
    if (now >= deadline) return false;
    if (pauses_ < spins) {
      for (unsigned i = 0; i < 1U << pauses_; ++i) cpu_relax();
      ++pauses_;
    } else if (pauses_ < spins + yields) {
      std::this_thread::yield();
      ++pauses_;
    } else {
      std::this_thread::sleep_for(std::min<Deadline::duration>(sleep_, deadline - now));
      sleep_ = std::min(2 * sleep_, longest_sleep);
    }
    return true;
  }

  /// Pauses without a deadline.
  void pause() { (void)pause_until(Deadline::max()); }

private:
  static constexpr unsigned spins = 8;  // 1, 2, ... 128 relaxations: about 10 us in all
  static constexpr unsigned yields = 16;
  static constexpr std::chrono::microseconds longest_sleep{1000};

  unsigned pauses_ = 0;
  std::chrono::microseconds sleep_{50};
};

}  // namespace lockbench
