#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "harness/base/random.hpp"
#include "harness/verify/history/recorder.hpp"
#include "harness/verify/rounds/disturbance.hpp"

namespace lockbench::verify {

/// One thread of a round: what it calls the queue by, and its own random stream.
struct Member {
  Member(AnyTaskQueue& queue, std::uint16_t thread, Clock::time_point start, std::size_t most_calls,
         std::uint64_t seed)
      : recorder(queue, thread, start, most_calls), random(seed) {}

  ThreadRecorder recorder;
  Random random;
  Stop stop;
};

/// How the threads of a round are treated, beside what they do.
struct Treatment {
  Disturbance disturbance;
  bool preempted = false;  ///< stopped anywhere, at random
  std::uint32_t hogs = 0;  ///< threads that only burn CPU time meanwhile
};

/// A queue and the threads that share it, for one round.
///
/// A thread that is stuck can't be ended, and its queue must outlive it: `run` then leaves both for
/// the process to end, and keeps them alive until it does.
class Crew {
public:
  using Job = std::function<void(Member&)>;

  /// `most_calls`: that one member records.
  Crew(std::unique_ptr<AnyTaskQueue> queue, std::size_t members, std::size_t most_calls,
       std::uint64_t seed);

  /// Has each member do `job` side by side, once. True when all of them have ended; false when no
  /// call returned for `patience` while some had not.
  [[nodiscard]] bool run(const Job& job, const Treatment& treatment);

  /// For what comes before and after the threads: the calls of this thread.
  [[nodiscard]] Member& outside();
  [[nodiscard]] Member& member(std::size_t index);
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] AnyTaskQueue& queue() noexcept;

  /// A time of the steady clock, in nanoseconds, as histories have it.
  [[nodiscard]] Instant instant(std::int64_t steady_ns) const noexcept;
  /// What all of them saw, this thread included.
  [[nodiscard]] History history() const;

  /// Long enough for a starved thread to get on, so that only who waits for what never comes is
  /// called stuck.
  static constexpr std::chrono::milliseconds patience{2000};

private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  Clock::time_point start_ = Clock::now();
  bool stuck_ = false;
};

}  // namespace lockbench::verify
