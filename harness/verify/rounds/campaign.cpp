#include "harness/verify/rounds/campaign.hpp"

#include <algorithm>
#include <array>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

struct RoundKind {
  std::string_view name;
  RoundOutcome (*run)(const Subject&, const RoundSpec&);
  std::uint32_t weight;  ///< how often it is drawn, relative to the others
};
constexpr std::array round_kinds{
    RoundKind{.name = "contract", .run = contract_round, .weight = 10},
    RoundKind{.name = "order", .run = order_round, .weight = 6},
    RoundKind{.name = "waiting", .run = waiting_round, .weight = 6},
    RoundKind{.name = "stop", .run = stop_round, .weight = 1},
};

const RoundKind& draw_kind(Random& random) {
  std::uint32_t sum = 0;
  for (const auto& kind : round_kinds) sum += kind.weight;
  auto drawn = random.below(sum);
  for (const auto& kind : round_kinds) {
    if (drawn < kind.weight) return kind;
    drawn -= kind.weight;
  }
  return round_kinds.front();
}

void count(StopTally& tally, const StopOutcome& stop) {
  if (!stop.in_a_call) return;
  ++tally.stops;
  if (stop.calls_of_others == 0) ++tally.stalls;
  tally.stopped_s += stop.stopped_s;
  tally.calls_of_others += stop.calls_of_others;
}

void count(RankTally& tally, const RankError& error) {
  tally.takes += error.takes;
  tally.sum += error.mean * static_cast<double>(error.takes);
  tally.max = std::max(tally.max, error.max);
}

void count(std::map<Check, CheckTally>& tallies, const CheckVerdict& judged) {
  auto& tally = tallies[judged.check];
  if (judged.verdict.judgement == Judgement::linearizable) ++tally.linearizable;
  if (judged.verdict.judgement != Judgement::unknown) return;
  ++tally.unknown;
  tally.why_unknown = judged.verdict.reason;
}

HistoryHeader header_of(const RoundOutcome& round, const StrategyTraits& traits) {
  return {.strategy = std::string(traits.name),
          .check = {},
          .ordering = traits.ordering,
          .consistency = traits.consistency,
          .distinct = round.distinct,
          .stuck = round.stuck,
          .capacity = round.capacity,
          .threads = round.threads,
          .seed = round.seed};
}

}  // namespace

Verdict check_progress(const StopTally& stops, const StrategyTraits& traits) {
  constexpr std::uint64_t least_stops = 5;
  if (traits.progress == Progress::blocking) return {};
  if (stops.stops < least_stops) {
    return undecided("too few threads were stopped inside a call");
  }
  if (stops.stalls < stops.stops) return {};
  return violation(
      "nobody ever finished a call while another thread was stopped in one, though the strategy "
      "claims that delays of one thread do not hold up the others",
      {});
}

CampaignResult run_campaign(const Subject& subject, const CampaignSpec& spec) {
  CampaignResult result;
  Random random(spec.seed);
  const auto start = Clock::now();
  const auto passed_s = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const auto note = [&](const CheckVerdict& judged, std::string_view round,
                        const RecordedHistory& recorded) {
    count(result.checks, judged);
    if (judged.verdict.judgement != Judgement::violated) return;
    result.violation = Violation{.check = judged.check,
                                 .round = std::string(round),
                                 .verdict = judged.verdict,
                                 .recorded = recorded,
                                 .found_after_s = passed_s()};
    result.violation->recorded.header.check = to_string(judged.check);
  };
  while (result.seconds < spec.seconds && !result.violation && !result.stuck) {
    const auto& kind = draw_kind(random);
    const auto threads =
        spec.threads.at(random.below(static_cast<std::uint32_t>(spec.threads.size())));
    auto round = kind.run(subject, {.threads = threads, .seed = random.next()});
    ++result.rounds;
    result.operations += round.history.size();
    result.stuck = round.stuck;
    if (subject.traits.ordering == Ordering::relaxed && round.distinct) {
      count(result.rank_error, rank_error(round.history));
    }
    if (round.stop) count(result.stops, *round.stop);
    const RecordedHistory recorded{.header = header_of(round, subject.traits),
                                   .history = std::move(round.history)};
    for (const auto& judged : decide(recorded)) note(judged, kind.name, recorded);
    result.seconds = passed_s();
  }
  if (!result.violation && subject.traits.progress != Progress::blocking) {
    note({Check::progress, check_progress(result.stops, subject.traits)}, "stop", {});
  }
  return result;
}

}  // namespace lockbench::verify
