#include <algorithm>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t stop_capacity = 1U << 12U;
constexpr std::size_t most_stop_calls = 1U << 14U;
constexpr milliseconds stop_length{15};
constexpr microseconds longest_before_it{800};  // the victim has calls to make for longer than that
constexpr milliseconds after_it{3};

/// Outlives a stuck round.
struct Course {
  std::atomic<bool> over{false};
  std::atomic<pthread_t> victim{};
  std::atomic<bool> victim_known{false};
};

/// A task's whole life, again and again. The victim does not pause, so that it is stopped in a call;
/// the others do, so that what they saw stays short.
void live_tasks(Member& self, Course& course, bool pauses) {
  auto& [recorder, random, stop] = self;
  for (TaskId id = TaskId{recorder.thread()} << 32U; !course.over && !recorder.is_full(); ++id) {
    recorder.add(id, static_cast<int>(random.below(4)));
    const auto task = recorder.try_take();
    if (hands_out(task)) {
      recorder.complete(task.id);
      recorder.forget(task.id);
    }
    if (pauses) std::this_thread::sleep_for(microseconds(random.below(60)));
  }
  while (!course.over) std::this_thread::sleep_for(microseconds(200));
}

/// What the history says of the time in which the victim was stopped.
StopOutcome outcome_of(const History& history, std::uint16_t victim, Instant from, Instant to) {
  StopOutcome outcome{.stopped_s = static_cast<double>(to - from) * 1e-9};
  for (const auto& operation : history) {
    if (operation.pending()) continue;
    if (operation.thread == victim) {
      outcome.in_a_call |= operation.invoked < from && to < operation.returned;
    } else if (from < operation.invoked && operation.returned < to) {
      ++outcome.calls_of_others;
    }
  }
  return outcome;
}

}  // namespace

RoundOutcome stop_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  const auto course = std::make_shared<Course>();
  const auto threads = std::max(2U, spec.threads);
  Crew crew(subject.make({.capacity = stop_capacity, .payload_bytes = sizeof(TaskId)}), threads + 1,
            most_stop_calls, random.next());
  crew.queue().disturb_under_lock(disturb_or_stop);
  // The last member does the stopping; the first one is stopped.
  Member& victim = crew.member(0);
  const bool at_a_hook = subject.holds_a_lock;
  const bool ended = crew.run(
      [course, threads, at_a_hook, &stop = victim.stop](Member& self) {
        const auto thread = self.recorder.thread();
        if (thread == 0) {
          course->victim = pthread_self();
          course->victim_known = true;
        }
        if (thread < threads) return live_tasks(self, *course, thread != 0);
        std::this_thread::sleep_for(microseconds(self.random.below(longest_before_it.count())));
        while (!course->victim_known) std::this_thread::yield();
        if (at_a_hook) {
          stop.length_ns = std::chrono::nanoseconds(stop_length).count();
        } else {
          (void)stop_anywhere(course->victim, stop_length);
        }
        std::this_thread::sleep_for(stop_length + after_it);
        course->over = true;
      },
      {});
  RoundOutcome outcome{.history = crew.history(),
                       .threads = static_cast<std::uint32_t>(crew.size()),
                       .seed = spec.seed,
                       .capacity = stop_capacity,
                       .stuck = !ended,
                       .distinct = true};
  if (ended && victim.stop.began_ns != 0) {
    outcome.stop = outcome_of(outcome.history, 0, crew.instant(victim.stop.began_ns),
                              crew.instant(victim.stop.ended_ns));
  }
  return outcome;
}

}  // namespace lockbench::verify
