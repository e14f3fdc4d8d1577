/// Verification as a whole: sound queues pass, a broken one is caught, and its history can be decided
/// again.

#include "harness/verify/rounds/campaign.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <thread>

#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/pulse.hpp"
#include "harness/verify/rounds/rounds.hpp"
#include "strategies/boost_lockfree.hpp"
#include "strategies/condvar.hpp"
#include "strategies/mutex.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"
#include "strategies/unsafe.hpp"

namespace lockbench::verify {
namespace {

struct Campaign : testing_support::WatchedTest {};
struct Rounds : testing_support::WatchedTest {};

constexpr double some_seconds = 1.5;

template <class Q>
CampaignResult campaign_of(double seconds) {
  return run_campaign(subject_of<Q>(), {.seconds = seconds, .seed = 7});
}

std::string reason_of(const CampaignResult& result) {
  return result.violation ? result.violation->verdict.reason : "";
}

TEST_F(Campaign, finds_nothing_in_strategies_that_are_what_they_claim) {
  for (const auto& result :
       {campaign_of<MutexTaskQueue>(some_seconds), campaign_of<CondvarTaskQueue>(some_seconds),
        campaign_of<BoostLockfreeTaskQueue>(some_seconds)}) {
    EXPECT_FALSE(result.violation) << reason_of(result);
    EXPECT_FALSE(result.stuck);
    EXPECT_GT(result.operations, result.rounds);
    for (const auto check : {Check::conservation, Check::order, Check::tasks, Check::contract,
                             Check::waiting, Check::sizes}) {
      EXPECT_GT(result.checks.at(check).linearizable, 0U) << to_string(check);
    }
  }
}

TEST_F(Campaign, catches_a_queue_without_a_lock_and_keeps_what_shows_it) {
  const auto result = campaign_of<UnsafeTaskQueue>(60);
  ASSERT_TRUE(result.violation);
  EXPECT_FALSE(result.violation->verdict.reason.empty());
  std::stringstream kept;
  write_history(kept, result.violation->recorded);
  const auto again = decide(read_history(kept, "kept"));
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again.back().check, result.violation->check);
  EXPECT_EQ(again.back().verdict.judgement, Judgement::violated);
  EXPECT_EQ(again.back().verdict.reason, result.violation->verdict.reason);
}

TEST_F(Rounds, of_contracts_are_short_enough_to_search_and_make_every_call) {
  std::array<int, 11> calls{};
  for (std::uint64_t seed = 0; seed < testing_support::scaled(60); ++seed) {
    const auto round = contract_round(subject_of<MutexTaskQueue>(), {.threads = 3, .seed = seed});
    EXPECT_LE(round.history.size(), 64U);
    EXPECT_TRUE(std::ranges::is_sorted(round.history, {}, &Operation::invoked));
    for (const auto& operation : round.history)
      ++calls.at(static_cast<std::size_t>(operation.call));
  }
  for (const auto call : {Call::add, Call::try_take, Call::take, Call::status, Call::complete,
                          Call::cancel, Call::forget, Call::size, Call::join}) {
    EXPECT_GT(calls.at(static_cast<std::size_t>(call)), 0) << static_cast<int>(call);
  }
}

/// What is in the histories of some rounds.
struct Seen {
  std::size_t longest = 0;  ///< calls of a round
  std::uint64_t refused = 0;
  std::uint64_t too_long = 0;
  std::uint64_t reused = 0;  ///< rounds in which an id was used again
  std::uint64_t negative = 0;

  void look_at(const RoundOutcome& round) {
    longest = std::max(longest, round.history.size());
    reused += round.distinct ? 0 : 1;
    for (const auto& operation : round.history) {
      if (operation.call != Call::add) continue;
      refused += operation.answer == Answer::full && !operation.too_long;
      too_long += operation.too_long;
      negative += operation.priority < 0;
    }
  }
};

TEST_F(Rounds, on_shared_ids_are_long_and_meet_every_limit) {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto round = shared_round(subject_of<MutexTaskQueue>(), {.threads = 4, .seed = seed});
    EXPECT_FALSE(round.stuck);
    seen.look_at(round);
  }
  EXPECT_GE(seen.longest, 4000U);
  EXPECT_GT(seen.refused, 0U);
  EXPECT_GT(seen.too_long, 0U);
  EXPECT_GT(seen.reused, 0U);
  EXPECT_GT(seen.negative, 0U);
}

TEST_F(Rounds, for_the_order_fill_queues_to_their_last_place) {
  Seen seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto round = order_round(subject_of<MutexTaskQueue>(), {.threads = 4, .seed = seed});
    EXPECT_FALSE(round.stuck);
    seen.look_at(round);
  }
  EXPECT_GT(seen.refused, 0U);
  EXPECT_GT(seen.too_long, 0U);
  EXPECT_EQ(seen.reused, 0U);
}

/// `condvar` that notes how long it was told to sleep at most.
struct Sleeper : CondvarTaskQueue {
  using CondvarTaskQueue::CondvarTaskQueue;
  void set_longest_sleep(Deadline::duration longest) noexcept { told = longest; }

  static inline Deadline::duration told{};
};

TEST_F(Rounds, have_waiters_sleep_until_they_are_woken) {
  const auto subject = subject_of<Sleeper>();
  (void)subject.make({}, nullptr);
  EXPECT_TRUE(subject.looks_again);
  EXPECT_EQ(Sleeper::told, until_woken);
  EXPECT_FALSE(subject_of<MutexTaskQueue>().looks_again);
}

TEST_F(Rounds, have_a_pulse_whose_beats_are_in_order) {
  const Pulse pulse;
  const auto start_ns = Clock::now().time_since_epoch().count();
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(i));
    const auto beats_ns = pulse.beats_since(start_ns);
    EXPECT_TRUE(std::ranges::is_sorted(beats_ns));
    EXPECT_TRUE(beats_ns.empty() || beats_ns.front() >= start_ns);
  }
}

TEST_F(Rounds, that_stop_a_thread_stop_it_inside_a_call_with_the_lock_held) {
  std::uint64_t stopped = 0;
  for (std::uint64_t seed = 0; seed < 20 && stopped == 0; ++seed) {
    const auto round = stop_round(subject_of<MutexTaskQueue>(), {.threads = 3, .seed = seed});
    EXPECT_FALSE(round.stuck);
    if (!round.stop || !round.stop->in_a_call) continue;
    ++stopped;
    EXPECT_GT(round.stop->stopped_s, 0.01);
    EXPECT_EQ(round.stop->calls_of_others, 0U) << "though the lock was held";
  }
  EXPECT_GT(stopped, 0U);
}

/// `mutex` that claims less than it does.
struct Modest : MutexTaskQueue {
  static constexpr StrategyTraits traits = [] {
    auto claims = MutexTaskQueue::traits;
    claims.ordering = Ordering::relaxed;
    return claims;
  }();
  using MutexTaskQueue::MutexTaskQueue;
};

TEST_F(Campaign, tells_of_a_relaxed_queue_how_far_from_the_order_it_was) {
  const auto result = campaign_of<Modest>(some_seconds);
  EXPECT_FALSE(result.violation) << reason_of(result);
  EXPECT_GT(result.rank_error.takes, 0U);
  EXPECT_EQ(result.rank_error.max, 0U) << "it is not relaxed at all";
  EXPECT_FALSE(result.checks.contains(Check::order));
}

StrategyTraits claiming(Progress progress) {
  auto traits = MutexTaskQueue::traits;
  traits.progress = progress;
  return traits;
}

TEST(CheckProgress, leaves_some_stalls_to_the_machine_and_asks_nothing_of_who_blocks) {
  const auto lock_free = claiming(Progress::lock_free);
  EXPECT_TRUE(check_progress({.stops = 9, .stalls = 2}, lock_free).holds());
  EXPECT_TRUE(check_progress({.stops = 100, .stalls = 10}, lock_free).holds());
  EXPECT_EQ(check_progress({.stops = 5, .stalls = 5}, lock_free).judgement, Judgement::violated);
  EXPECT_EQ(check_progress({.stops = 4, .stalls = 4}, lock_free).judgement, Judgement::unknown);
  EXPECT_TRUE(check_progress({.stops = 9, .stalls = 9}, claiming(Progress::blocking)).holds());
}

TEST(CheckProgress, tells_a_lock_that_is_held_half_the_time_from_none) {
  const auto lock_free = claiming(Progress::lock_free);
  EXPECT_EQ(check_progress({.stops = 30, .stalls = 15}, lock_free).judgement, Judgement::violated);
}

}  // namespace
}  // namespace lockbench::verify
