#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/metrics/stop.hpp"

namespace lockbench {

/// Takes the beats of the thread that makes it. Not thread-safe.
class BeatClock {
public:
  BeatClock() : last_(now()) {}

  /// What passed since the last call, or since it was made; `asked_s` is the longest that this should
  /// have taken. Costs about 2 µs.
  [[nodiscard]] Beat since_last(double asked_s) noexcept;

private:
  struct Moment {
    double time_s = 0;
    Cell run_queue_wait_s;
  };
  [[nodiscard]] Moment now() const noexcept;

  RunQueueWait run_queue_;
  Moment last_;
};

/// Notes how long its process has been stopped. A thread of its own sleeps for short times, one after
/// the other, and looks how late it wakes (`metrics/stop.hpp`). It wakes 50 times a second for some
/// microseconds, so rarely that 15 ms windows meet it once. Thread-safe.
class Heartbeat {
public:
  Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

  /// Seconds since it was made, up to now. Has the thread beat once, and waits for that: some 10 µs.
  [[nodiscard]] double stopped_s();

private:
  void beat_until_over();

  std::mutex mutex_;
  std::condition_variable beat_now_;
  std::condition_variable has_beaten_;
  bool asked_ = false;
  bool over_ = false;
  std::uint64_t beats_ = 0;
  double stopped_s_ = 0;
  std::thread thread_;  ///< the last member: it uses all others
};

}  // namespace lockbench
