#pragma once

/// A round: some threads use a fresh queue at random for some milliseconds, and record what they see.
/// Each kind of round makes other mistakes likely.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "harness/base/random.hpp"
#include "harness/verify/rounds/call_recorder.hpp"
#include "harness/verify/rounds/disturbance.hpp"
#include "harness/verify/rounds/pulse.hpp"

namespace lockbench::verify {

struct RoundSpec {
  std::uint32_t threads = 4;
  std::uint64_t seed = 0;
  const Pulse* pulse = nullptr;  ///< tells waiting rounds when the machine had time to spare
};

/// What the other threads did while one was stopped.
struct StopOutcome {
  bool in_a_call = false;             ///< it was stopped inside a call of the queue
  bool others_starved = false;        ///< they were ready to run, and hardly had a CPU meanwhile
  double stopped_s = 0;               ///< for how long
  std::uint64_t calls_of_others = 0;  ///< begun and ended meanwhile
};

/// The history of a round and the facts for its header.
struct RoundOutcome : HistoryHeader {
  History history;
  std::optional<StopOutcome> stop;
};

/// Makes all calls on few ids of a small queue: short enough for an exhaustive search.
[[nodiscard]] RoundOutcome contract_round(const Subject& subject, const RoundSpec& spec);
/// Makes thousands of calls of all kinds but `join` on ids that all threads share.
[[nodiscard]] RoundOutcome shared_round(const Subject& subject, const RoundSpec& spec);
/// Adds and takes tasks of random priorities by many threads, and drains the queue: for the order.
[[nodiscard]] RoundOutcome order_round(const Subject& subject, const RoundSpec& spec);
/// Has threads wait: for tasks, for deadlines, for the end of all tasks, for shutdown.
[[nodiscard]] RoundOutcome waiting_round(const Subject& subject, const RoundSpec& spec);
/// Stops one thread in the middle of a call, with the lock held if there is one.
[[nodiscard]] RoundOutcome stop_round(const Subject& subject, const RoundSpec& spec);

// --- what all rounds are made of -----------------------------------------------------------------

/// One thread of a round: the recorder through which it calls the queue, and its own random stream.
struct Member {
  Member(const AnyTaskQueue& queue, RoundIds ids, std::uint16_t thread, Clock::time_point start,
         std::size_t most_calls, std::uint64_t seed)
      : recorder(queue, ids, thread, start, most_calls), random(seed) {}

  CallRecorder recorder;
  Random random;
  Stop stop;
};

/// The priorities of a round's tasks: of few levels, or of the whole range of `int` and often at one of
/// its ends.
class Priorities {
public:
  explicit Priorities(Random& random);
  [[nodiscard]] int draw(Random& random) const;

private:
  std::uint32_t levels_;  ///< 0: the whole range
};

/// How the threads of a round are disturbed.
struct Treatment {
  Disturbance disturbance;
  bool preempted = false;  ///< stopped anywhere, at random
  std::uint32_t hogs = 0;  ///< threads that only burn CPU time meanwhile
};

/// Draws how the threads of a round are disturbed; often not at all.
[[nodiscard]] Treatment draw_treatment(Random& random);

/// A queue and the threads that share it, for one round. Draws what the ids are: see `RoundIds`.
///
/// A thread that is stuck cannot be ended, and its queue must outlive it: `run` then abandons both, and
/// keeps them alive until the process ends.
class RoundTeam {
public:
  using Job = std::function<void(Member&)>;

  struct Spec {
    std::uint32_t members = 1;
    std::uint32_t capacity = 1;  ///< of the queue
    std::size_t most_calls = 0;  ///< that one member records
    std::uint64_t seed = 0;
    CriticalWork hook = disturb;  ///< called at the hooks of the queue, if there are any
  };
  RoundTeam(const Subject& subject, const Spec& spec);

  /// Has each member do `job` side by side, once. Returns true when all have ended, and false if no
  /// call returned for `patience` while some members had not ended.
  [[nodiscard]] bool run(const Job& job, const Treatment& treatment);

  /// The calling thread's own member, for calls before and after those of the threads.
  [[nodiscard]] Member& outside() { return *shared_->members.back(); }
  /// The member of a thread; that of index `size()` is the one outside.
  [[nodiscard]] Member& member(std::size_t index) { return *shared_->members.at(index); }
  [[nodiscard]] std::size_t size() const noexcept { return shared_->members.size() - 1; }
  [[nodiscard]] std::uint32_t capacity() const noexcept { return capacity_; }

  /// Converts a time of the steady clock, in nanoseconds, to that of histories.
  [[nodiscard]] Instant instant(std::int64_t steady_ns) const noexcept;
  /// What all members saw, the one outside included.
  [[nodiscard]] History history() const;

  /// Long enough for a starved thread to make progress, so that only a thread that waits for something
  /// that never comes is called stuck.
  static constexpr std::chrono::milliseconds patience{2000};

private:
  struct Shared {
    AnyTaskQueue queue;
    std::vector<std::unique_ptr<Member>> members;  ///< the last one is the thread outside
    std::atomic<std::size_t> arrived{0};
    std::atomic<std::size_t> ended{0};
    std::atomic<bool> dismissed{false};  ///< until then threads stay, for signals to find them
  };

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  Clock::time_point start_ = Clock::now();
  std::uint32_t capacity_;
  bool stuck_ = false;
};

/// What a team that has run saw of its queue. `ended`: what `RoundTeam::run` returned.
[[nodiscard]] RoundOutcome outcome_of(const Subject& subject, const RoundTeam& team,
                                      const RoundSpec& spec, bool ended);

}  // namespace lockbench::verify
