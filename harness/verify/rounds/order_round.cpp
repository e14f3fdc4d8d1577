#include <array>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

constexpr std::uint32_t capacity = 1U << 14U;

/// The parameters of one round.
struct Habits {
  std::uint32_t calls = 0;       ///< of each thread, more or less
  std::uint32_t priorities = 1;  ///< different ones
  bool apart = false;            ///< half of the threads add, the others take
  std::uint32_t cancels = 0;     ///< per mille of the calls
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
      if (choice < habits_.cancels) {
        cancel_one();
      } else if ((choice < 500 && adds) || !takes) {
        add_one();
      } else {
        take_one();
      }
    }
  }

private:
  void add_one() { recorder_.add(next_id_++, static_cast<int>(random_.below(habits_.priorities))); }

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

}  // namespace

RoundOutcome order_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  constexpr std::array<std::uint32_t, 4> levels{1, 3, 16, 100'000};
  constexpr std::array<std::uint32_t, 3> lengths{10, 60, 400};
  const Habits habits{.calls = lengths.at(random.below(lengths.size())),
                      .priorities = levels.at(random.below(levels.size())),
                      .apart = random.below(2) == 0,
                      .cancels = random.below(3) == 0 ? 100U : 0U};
  RoundTeam team(subject, {.members = spec.threads,
                           .capacity = capacity,
                           .most_calls = std::size_t{8} * habits.calls,
                           .seed = random.next()});
  const auto treatment = draw_treatment(random);
  const bool ended = team.run([=](Member& self) { Trader(self, habits).trade(); }, treatment);
  if (ended) {
    set_disturbance({}, 0);
    drain(team.outside().recorder);
  }
  return outcome_of(subject, team, spec, ended);
}

}  // namespace lockbench::verify
