#include <array>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

constexpr std::uint32_t capacity = 1U << 14U;

/// What the threads of one round have in common.
struct Habits {
  std::uint32_t calls = 0;       ///< of each thread, more or less
  std::uint32_t priorities = 1;  ///< different ones
  bool apart = false;            ///< some threads add, the others take
  std::uint32_t cancels = 0;     ///< per mille of the calls
};

/// Adds, takes and ends tasks of its own ids, which nobody else uses.
class Trader {
public:
  Trader(Member& self, const Habits& habits)
      : recorder_(self.recorder),
        random_(self.random),
        habits_(habits),
        first_id_(TaskId{recorder_.thread()} << 32U),
        next_id_(first_id_),
        adds_(!habits.apart || recorder_.thread() % 2 == 0),
        takes_(!habits.apart || recorder_.thread() % 2 == 1) {}

  void trade() {
    for (std::uint32_t i = 0; i < habits_.calls && !recorder_.is_full(); ++i) {
      disturb();
      const auto choice = random_.below(1000);
      if (choice < habits_.cancels) {
        cancel_one();
      } else if ((choice < 500 && adds_) || !takes_) {
        add_one();
      } else {
        take_one();
      }
    }
  }

private:
  void add_one() { recorder_.add(next_id_++, static_cast<int>(random_.below(habits_.priorities))); }

  /// One of the last it added; what has been taken meanwhile is refused, which is checked as well.
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
    recorder_.complete(task.id);
    recorder_.forget(task.id);
  }

  ThreadRecorder& recorder_;
  Random& random_;
  Habits habits_;
  TaskId first_id_;
  TaskId next_id_;
  bool adds_;
  bool takes_;
};

/// Takes what is left; bounded, since a broken queue may hand out for ever.
void drain(ThreadRecorder& recorder) {
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
  const std::size_t most_calls = std::size_t{8} * habits.calls;
  Crew crew(subject.make({.capacity = capacity, .payload_bytes = sizeof(TaskId)}), spec.threads,
            most_calls, random.next());
  crew.queue().disturb_under_lock(disturb);
  const auto treatment = draw_treatment(random);
  const bool ended = crew.run([=](Member& self) { Trader(self, habits).trade(); }, treatment);
  if (ended) {
    set_disturbance({}, 0);
    drain(crew.outside().recorder);
  }
  return {.history = crew.history(),
          .threads = static_cast<std::uint32_t>(crew.size()),
          .seed = spec.seed,
          .capacity = capacity,
          .stuck = !ended,
          .distinct = true};
}

}  // namespace lockbench::verify
