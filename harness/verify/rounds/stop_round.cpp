#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t stop_capacity = 1U << 12U;
constexpr std::size_t most_stop_calls = 1U << 14U;
constexpr milliseconds stop_length{15};
constexpr microseconds longest_before_it{800};  // the victim makes calls for longer than that
constexpr milliseconds after_it{3};

/// Shared by the threads, and outlives a stuck round.
struct Course {
  explicit Course(std::size_t threads) : ids(threads) {}

  std::atomic<bool> over{false};
  std::atomic<pthread_t> victim{};
  std::vector<std::atomic<pid_t>> ids;  ///< of the threads, for the kernel; 0: not known yet
  std::atomic<std::size_t> known{0};
  std::atomic<bool> others_starved{false};
};

/// What the kernel says of a thread of this process.
struct Seen {
  std::int64_t ran_ns = 0;
  bool ready = false;  ///< running, or waiting for a CPU
};

Seen look_at(pid_t thread) {
  const auto directory = fmt::format("/proc/self/task/{}/", thread);
  Seen seen;
  std::ifstream(directory + "schedstat") >> seen.ran_ns;
  std::string line;
  std::getline(std::ifstream(directory + "stat"), line);
  const auto name_end = line.rfind(") ");
  seen.ready = name_end != std::string::npos && line.compare(name_end + 2, 1, "R") == 0;
  return seen;
}

/// Whether the threads but the first, the victim, hardly ran since `before` and yet wanted to.
bool starved(std::span<const Seen> before, std::span<const Seen> after) {
  constexpr std::int64_t hardly_ns = 1'000'000;
  std::int64_t ran_ns = 0;
  bool ready = false;
  for (std::size_t i = 1; i < after.size(); ++i) {
    ran_ns += after[i].ran_ns - before[i].ran_ns;
    ready = ready || after[i].ready;
  }
  return ready && ran_ns < hardly_ns;
}

std::vector<Seen> look_at(const Course& course) {
  std::vector<Seen> all;
  for (const auto& id : course.ids) all.push_back(look_at(id.load()));
  return all;
}

/// Stops the victim at its next hook or anywhere, and watches the others meanwhile.
void stop_victim(Course& course, Stop& stop, bool at_a_hook, Random& random) {
  while (course.known < course.ids.size()) std::this_thread::yield();
  std::this_thread::sleep_for(microseconds(random.below(longest_before_it.count())));
  const auto before = look_at(course);
  if (at_a_hook) {
    stop.length_ns = std::chrono::nanoseconds(stop_length).count();
  } else {
    (void)stop_anywhere(course.victim, stop_length);
  }
  std::this_thread::sleep_for(stop_length);
  course.others_starved = starved(before, look_at(course));
  std::this_thread::sleep_for(after_it);
  course.over = true;
}

/// Adds, takes, completes and forgets tasks, one after another, and cancels some. Of `shared_ids` all
/// threads use all; if it is 0, each thread has its own. The victim does not pause, so that it is stopped
/// in a call; the others do, so that the history stays short.
void live_tasks(Member& self, Course& course, std::uint32_t shared_ids, bool pauses) {
  constexpr std::size_t most_calls_a_turn = 6;
  auto& [recorder, random, stop] = self;
  for (TaskId own = TaskId{recorder.thread()} << 32U;
       !course.over && recorder.has_room_for(most_calls_a_turn); ++own) {
    const TaskId id = shared_ids == 0 ? own : random.below(shared_ids);
    recorder.add(id, static_cast<int>(random.below(4)));
    if (random.below(8) == 0 && recorder.cancel(id).answer == Answer::ok) recorder.forget(id);
    const auto task = recorder.try_take();
    if (hands_out(task)) recorder.finish(task.id);
    if (pauses) std::this_thread::sleep_for(microseconds(random.below(60)));
  }
  while (!course.over) std::this_thread::sleep_for(microseconds(200));
}

/// Returns what the history shows of the time in which the victim was stopped.
StopOutcome stop_outcome(const History& history, std::uint16_t victim, Instant from, Instant to) {
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
  const auto threads = std::max(2U, spec.threads);
  const auto course = std::make_shared<Course>(threads);
  const auto shared_ids = random.below(2) == 0 ? 0 : 1 + random.below(threads);
  RoundTeam team(subject, {.members = threads + 1,
                           .capacity = stop_capacity,
                           .most_calls = most_stop_calls,
                           .seed = random.next(),
                           .hook = disturb_or_stop});
  // Between the steps of a lock-free queue lies little of what it does: the rest is a package's.
  const bool at_a_hook = subject.hooks == Hooks::under_lock ||
                         (subject.hooks == Hooks::between_steps && random.below(2) == 0);
  // The first member is stopped, and the last one does the stopping.
  Member& victim = team.member(0);
  const bool ended = team.run(
      [course, threads, shared_ids, at_a_hook, &stop = victim.stop](Member& self) {
        const auto thread = self.recorder.thread();
        if (thread == threads) return stop_victim(*course, stop, at_a_hook, self.random);
        if (thread == 0) course->victim = pthread_self();
        course->ids[thread] = ::gettid();
        ++course->known;
        live_tasks(self, *course, shared_ids, thread != 0);
      },
      {});
  auto outcome = outcome_of(subject, team, spec, ended);
  outcome.distinct = shared_ids == 0;
  if (ended && victim.stop.began_ns != 0) {
    outcome.stop = stop_outcome(outcome.history, 0, team.instant(victim.stop.began_ns),
                                team.instant(victim.stop.ended_ns));
    outcome.stop->others_starved = course->others_starved;
  }
  return outcome;
}

}  // namespace lockbench::verify
