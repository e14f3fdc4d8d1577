#include <algorithm>
#include <array>
#include <memory>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

/// What the threads of a round do. All calls are on the ids from 0 on, by whichever thread.
struct Talk {
  std::uint32_t ids = 1;
  Priorities priorities;
  std::uint32_t shutdowns = 0;  ///< one call in so many; 0: none
};

/// The calls that a thread draws from; a call is there several times if it should be frequent.
constexpr std::array moves{
    Call::add,      Call::add,    Call::add,      Call::add,      Call::try_take, Call::try_take,
    Call::try_take, Call::take,   Call::complete, Call::complete, Call::complete, Call::cancel,
    Call::cancel,   Call::forget, Call::forget,   Call::forget,   Call::status,   Call::size};

void make(Member& self, const Talk& talk, Call call, TaskId id) {
  auto& [recorder, random, stop] = self;
  if (talk.shutdowns != 0 && random.below(talk.shutdowns) == 0) {
    recorder.shutdown(random.below(2) == 0 ? ShutdownMode::drain : ShutdownMode::discard);
    return;
  }
  if (call == Call::add) {
    recorder.add(id, talk.priorities.draw(random), random.below(16) == 0);
  } else if (call == Call::take) {
    recorder.take(Clock::now() + std::chrono::microseconds(random.below(60)));
  } else {
    recorder.make({.id = names_task({.call = call}) ? id : 0, .call = call});
  }
}

void make_a_call(Member& self, const Talk& talk) {
  const TaskId id = self.random.below(talk.ids);
  make(self, talk, moves.at(self.random.below(moves.size())), id);
}

/// Makes calls in the order in which a task needs them, without a look at their answers. So most take
/// effect, and it is often a stranger who ends a task while its taker has not returned yet.
void live_blindly(Member& self, const Talk& talk, std::uint32_t calls) {
  constexpr std::array life{Call::add, Call::try_take, Call::complete, Call::forget};
  TaskId id = 0;
  for (std::uint32_t i = 0; i < calls; ++i) {
    if (i % life.size() == 0) id = self.random.below(talk.ids);
    disturb();
    make(self, talk, life.at(i % life.size()), id);
  }
}

// --- short, with joins ---------------------------------------------------------------------------

constexpr std::uint32_t most_threads = 4;
constexpr std::uint32_t calls_in_all = 36;  // few, since the search may be exponential
constexpr std::uint32_t most_joiners = 2;
constexpr std::uint32_t most_short_ids = 6;

/// Shared by the threads of a short round, and outlives a stuck one.
struct Attendance {
  explicit Attendance(std::uint32_t threads) : at_work(threads), there(threads) {}

  std::atomic<std::uint32_t> at_work;    ///< neither in a join nor at their end
  std::atomic<std::uint32_t> there;      ///< not at their end
  std::atomic<std::uint32_t> joined{0};  ///< joins that have returned
};

void join(Member& self, Attendance& attendance) {
  --attendance.at_work;
  self.recorder.join();
  ++attendance.at_work;
  ++attendance.joined;
}

/// Ends all tasks whenever nobody is left to do so but threads that wait for it in a `join`.
void end_tasks_for_joiners(Member& self, const Talk& talk, const Attendance& attendance) {
  const auto rest = [] { std::this_thread::sleep_for(std::chrono::microseconds(20)); };
  for (;;) {
    const auto joined = attendance.joined.load();
    while (attendance.at_work != 0) rest();
    if (attendance.there == 0) return;
    for (TaskId id = 0; id < talk.ids; ++id) {
      self.recorder.cancel(id);
      self.recorder.complete(id);
    }
    while (attendance.joined == joined && attendance.there != 0) rest();
  }
}

}  // namespace

RoundOutcome contract_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  const auto threads = std::min(spec.threads, most_threads);
  const Talk talk{
      .ids = 1 + random.below(most_short_ids), .priorities = Priorities(random), .shutdowns = 60};
  const auto joiners = random.below(std::min(threads, most_joiners) + 1);
  // The last member ends the tasks that others wait for.
  RoundTeam team(subject, {.members = threads + 1,
                           .capacity = 1 + random.below(5),
                           .most_calls = calls_in_all,
                           .seed = random.next()});
  for (std::size_t i = 0; i <= team.size(); ++i) team.member(i).recorder.checks_payloads = false;

  const auto calls = calls_in_all / threads;
  const auto attendance = std::make_shared<Attendance>(threads);
  const auto treatment = draw_treatment(random);
  const bool ended = team.run(
      [=](Member& self) {
        const auto thread = self.recorder.thread();
        if (thread == threads) return end_tasks_for_joiners(self, talk, *attendance);
        const auto join_at = thread < joiners ? self.random.below(calls) : calls;
        for (std::uint32_t i = 0; i < calls; ++i) {
          disturb();
          i == join_at ? join(self, *attendance) : make_a_call(self, talk);
        }
        --attendance->there;
        --attendance->at_work;
      },
      treatment);
  auto outcome = outcome_of(subject, team, spec, ended);
  outcome.distinct = false;
  return outcome;
}

RoundOutcome shared_round(const Subject& subject, const RoundSpec& spec) {
  constexpr std::array<std::uint32_t, 6> numbers{1, 1, 2, 5, 30, 200};
  constexpr std::array<std::uint32_t, 3> calls_of_all{200, 1500, 6000};
  Random random(spec.seed);
  const auto ids = numbers.at(random.below(numbers.size()));
  const auto calls = 1 + calls_of_all.at(random.below(calls_of_all.size())) / spec.threads;
  // Some queues hold all ids, and others are full most of the time.
  const auto capacity = random.below(2) == 0 ? ids : 1 + random.below(ids);
  const Talk talk{.ids = ids,
                  .priorities = Priorities(random),
                  .shutdowns = random.below(2) == 0 ? 0U : calls * spec.threads};
  RoundTeam team(
      subject,
      {.members = spec.threads, .capacity = capacity, .most_calls = calls, .seed = random.next()});
  for (std::size_t i = 0; i <= team.size(); ++i) team.member(i).recorder.checks_payloads = false;
  const bool blindly = random.below(2) == 0;
  const auto treatment = draw_treatment(random);
  const bool ended = team.run(
      [=](Member& self) {
        if (blindly) return live_blindly(self, talk, calls);
        for (std::uint32_t i = 0; i < calls; ++i) {
          disturb();
          make_a_call(self, talk);
        }
      },
      treatment);
  if (ended) team.outside().recorder.size();
  auto outcome = outcome_of(subject, team, spec, ended);
  outcome.distinct = false;
  return outcome;
}

}  // namespace lockbench::verify
