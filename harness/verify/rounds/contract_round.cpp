#include <array>

#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

constexpr std::uint32_t most_threads = 4;
constexpr std::uint32_t calls_in_all = 36;  // few, since the search may be exponential

/// The calls that a thread draws from; a call is there several times if it should be frequent.
constexpr std::array moves{Call::add,    Call::add,      Call::add,      Call::try_take,
                           Call::take,   Call::status,   Call::complete, Call::complete,
                           Call::cancel, Call::cancel,   Call::forget,   Call::forget,
                           Call::add,    Call::try_take, Call::size};

void make_a_call(Member& self, std::uint32_t ids) {
  auto& [recorder, random, stop] = self;
  if (random.below(60) == 0) {
    recorder.shutdown(random.below(2) == 0 ? ShutdownMode::drain : ShutdownMode::discard);
    return;
  }
  const TaskId id = random.below(ids);
  const auto call = moves.at(random.below(moves.size()));
  if (call == Call::add) {
    recorder.add(id, static_cast<int>(random.below(3)));
  } else if (call == Call::take) {
    recorder.take(Clock::now() + std::chrono::microseconds(random.below(60)));
  } else {
    recorder.make({.id = names_task({.call = call}) ? id : 0, .call = call});
  }
}

}  // namespace

RoundOutcome contract_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  const auto threads = std::min(spec.threads, most_threads);
  const auto ids = 1 + random.below(6);
  const auto capacity = 1 + random.below(5);
  RoundTeam team(subject, {.members = threads,
                           .capacity = capacity,
                           .most_calls = calls_in_all,
                           .seed = random.next()});
  for (std::size_t i = 0; i <= threads; ++i) team.member(i).recorder.checks_payloads = false;

  const auto calls = calls_in_all / threads;
  const auto treatment = draw_treatment(random);
  const bool ended = team.run(
      [=](Member& self) {
        for (std::uint32_t i = 0; i < calls; ++i) {
          disturb();
          make_a_call(self, ids);
        }
      },
      treatment);
  auto outcome = outcome_of(subject, team, spec, ended);
  outcome.distinct = false;
  return outcome;
}

}  // namespace lockbench::verify
