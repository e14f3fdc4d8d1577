#include <array>
#include <atomic>
#include <memory>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

constexpr std::uint32_t ample_capacity = 1U << 14U;

/// The parameters of one round.
struct Habits {
  std::uint32_t calls = 0;  ///< of each thread, more or less
  Priorities priorities;
  bool apart = false;          ///< half of the threads add, the others take
  std::uint32_t cancels = 0;   ///< per mille of the calls
  std::uint32_t looks = 0;     ///< per mille of the calls ask for the size
  std::uint32_t churners = 0;  ///< so many threads add and cancel; if any, nobody takes
  bool discards = false;       ///< one thread discards what the others have added
};

/// Adds tasks of ids that no other thread adds, and takes and ends any.
class Trader {
public:
  Trader(Member& self, const Habits& habits)
      : recorder_(self.recorder),
        random_(self.random),
        habits_(habits),
        first_id_(TaskId{recorder_.thread()} << 32U) {}

  void trade() {
    const bool is_even = recorder_.thread() % 2 == 0;
    const bool adds = !habits_.apart || is_even;
    const bool takes = !habits_.apart || !is_even;
    for (std::uint32_t i = 0; i < habits_.calls && !recorder_.is_full(); ++i) {
      disturb();
      const auto choice = random_.below(1000);
      if (choice < habits_.looks) {
        recorder_.size();
      } else if (choice < habits_.looks + habits_.cancels) {
        cancel_one();
      } else if ((random_.below(2) == 0 && adds) || !takes) {
        add_one();
      } else {
        take_one();
      }
    }
  }

  /// The first thread discards all tasks that the others have added, while these cancel and take them.
  /// `adding`: the number of threads that have not added theirs.
  void clear(std::atomic<std::uint32_t>& adding) {
    if (recorder_.thread() == 0) {
      while (adding > 1) std::this_thread::yield();
      recorder_.shutdown(ShutdownMode::discard);
      return;
    }
    for (std::uint32_t i = 0; i < habits_.calls; ++i) add_one();
    --adding;
    for (TaskId id = first_id_; id < next_id_; ++id) {
      random_.below(4) == 0 ? take_one() : end(id);
    }
  }

  /// Keeps one task queued, another one each time, and leaves the last. As nobody takes, cancelled tasks
  /// pile up in queues that leave them in the order.
  void churn() {
    if (recorder_.thread() >= habits_.churners) return look();
    for (std::uint32_t i = 0; i < habits_.calls; ++i) {
      disturb();
      if (next_id_ > first_id_) end(next_id_ - 1);
      const auto added = recorder_.add(next_id_++, habits_.priorities.draw(random_));
      // A cancelled task may keep its place until a take has passed.
      if (added.answer == Answer::full) take_one();
    }
  }

private:
  /// Adds a task, or tries to with a payload that is too long: likewise a task that may be known.
  void add_one() {
    const bool too_long = random_.below(64) == 0;
    const bool again = too_long && next_id_ > first_id_ && random_.below(2) == 0;
    const TaskId id = again ? next_id_ - 1 : next_id_++;
    recorder_.add(id, habits_.priorities.draw(random_), too_long);
  }

  void end(TaskId id) {
    if (recorder_.cancel(id).answer == Answer::ok) recorder_.forget(id);
  }

  void look() {
    for (std::uint32_t i = 0; i < habits_.calls; ++i) {
      disturb();
      recorder_.size();
    }
  }

  /// Cancels one of the last tasks it added. If that has been taken, the refusal is checked as well.
  void cancel_one() {
    const auto back = 1 + random_.below(4);
    if (next_id_ < first_id_ + back) return;
    const TaskId id = next_id_ - back;
    if (random_.below(2) == 0) recorder_.status(id);
    if (recorder_.cancel(id).answer == Answer::ok && random_.below(2) == 0) recorder_.forget(id);
  }

  void take_one() {
    const auto task =
        random_.below(4) == 0
            ? recorder_.take(Clock::now() + std::chrono::microseconds(random_.below(200)))
            : recorder_.try_take();
    if (!hands_out(task)) return;
    if (random_.below(8) == 0) recorder_.status(task.id);
    if (random_.below(8) == 0) recorder_.cancel(task.id);
    recorder_.finish(task.id);
  }

  CallRecorder& recorder_;
  Random& random_;
  Habits habits_;
  TaskId first_id_;
  TaskId next_id_ = first_id_;
};

/// Takes all tasks that are left. Bounded, since a broken queue may hand out tasks for ever.
void drain(CallRecorder& recorder) {
  recorder.size();
  while (!recorder.is_full()) {
    const auto task = recorder.try_take();
    if (!hands_out(task)) break;
    recorder.complete(task.id);
  }
  recorder.size();
}

/// Draws what threads do, and how many tasks the queue may hold: often just as many as it has to.
std::uint32_t draw(Habits& habits, Random& random, std::uint32_t threads) {
  constexpr std::array<std::uint32_t, 3> lengths{10, 60, 400};
  constexpr std::array<std::uint32_t, 4> cancels{0, 0, 100, 400};
  habits.calls = lengths.at(random.below(lengths.size()));
  habits.looks = random.below(2) == 0 ? 0 : 50;
  if (random.below(4) == 0) {
    habits.churners = 1 + random.below(threads);
    habits.calls = 150;
    return habits.churners;
  }
  habits.discards = random.below(4) == 0;
  habits.apart = random.below(2) == 0;
  habits.cancels = cancels.at(random.below(cancels.size()));
  return random.below(4) == 0 ? 1 + random.below(2 * threads) : ample_capacity;
}

}  // namespace

RoundOutcome order_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  Habits habits{.priorities = Priorities(random)};
  const auto capacity = draw(habits, random, spec.threads);
  RoundTeam team(subject, {.members = spec.threads,
                           .capacity = capacity,
                           .most_calls = std::size_t{8} * habits.calls,
                           .seed = random.next()});
  const auto treatment = draw_treatment(random);
  const auto adding = std::make_shared<std::atomic<std::uint32_t>>(spec.threads);
  const bool ended = team.run(
      [=](Member& self) {
        Trader trader(self, habits);
        if (habits.churners != 0) return trader.churn();
        habits.discards ? trader.clear(*adding) : trader.trade();
      },
      treatment);
  if (ended) {
    set_disturbance({}, 0);
    drain(team.outside().recorder);
  }
  return outcome_of(subject, team, spec, ended);
}

}  // namespace lockbench::verify
