/// What several threads may and may not see: each race has exactly one winner.

#include <atomic>
#include <cstring>
#include <random>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

template <class Q>
struct HandOut : WatchedTest {};
TYPED_TEST_SUITE(HandOut, ThreadSafeStrategies, StrategyName);

constexpr unsigned producers = 2;
constexpr unsigned consumers = 3;
constexpr TaskId per_producer = scaled(60'000);
constexpr TaskId total = producers * per_producer;

/// Scatters sequence numbers over the whole range of ids; a bijection (the factor is odd).
constexpr TaskId scattered(TaskId sequence) {
  return sequence * 0x9E37'79B9'7F4A'7C15U;
}
constexpr TaskId gathered(TaskId id) {
  return id * 0xF1DE'83E1'9937'733DU;
}
static_assert(gathered(scattered(12'345)) == 12'345);

/// Counts hand-outs per task and checks that each task carries what it was added with.
class Ledger {
public:
  void note(TaskQueue auto& queue, const Task& task) {
    const TaskId sequence = gathered(task.id);
    ASSERT_LT(sequence, total);
    ++handed_out_[sequence];
    TaskId copy = 0;
    ASSERT_EQ(task.payload.size(), sizeof copy);
    std::memcpy(&copy, task.payload.data(), sizeof copy);
    if (copy != sequence || task.priority != priority_of(sequence)) ++mangled_;
    if (queue.get_status(task.id) != TaskStatus::processing) ++wrong_status_;
    if (!finish(queue, task.id)) ++wrong_status_;
    ++count_;
  }

  static int priority_of(TaskId sequence) { return static_cast<int>(sequence % 11) - 5; }

  [[nodiscard]] TaskId count() const { return count_; }

  void check() const {
    EXPECT_EQ(count_, total);
    EXPECT_EQ(mangled_, 0);
    EXPECT_EQ(wrong_status_, 0);
    for (TaskId i = 0; i < total; ++i) ASSERT_EQ(handed_out_[i], 1) << "task number " << i;
  }

private:
  std::vector<std::atomic<int>> handed_out_ = std::vector<std::atomic<int>>(total);
  std::atomic<TaskId> count_{0};
  std::atomic<int> mangled_{0};
  std::atomic<int> wrong_status_{0};
};

void produce(TaskQueue auto& queue, unsigned producer) {
  for (TaskId sequence = producer; sequence < total; sequence += producers) {
    const auto payload = std::as_bytes(std::span{&sequence, 1});
    const int priority = Ledger::priority_of(sequence);
    ASSERT_TRUE(eventually([&] {  // a small queue: full most of the time
      const auto result = queue.add_task(scattered(sequence), priority, payload);
      EXPECT_TRUE(result == AddResult::added || result == AddResult::full);
      return result == AddResult::added;
    }));
  }
}

TYPED_TEST(HandOut, every_task_reaches_exactly_one_of_several_polling_consumers) {
  TypeParam queue{limits};
  Ledger ledger;
  together(producers + consumers, [&](unsigned member) {
    if (member < producers) return produce(queue, member);
    EXPECT_TRUE(eventually([&] {
      while (const auto task = queue.try_get_next_task()) ledger.note(queue, *task);
      return ledger.count() == total;
    }));
  });
  ledger.check();
  EXPECT_EQ(queue.size(), 0U);
  queue.join();
}

TYPED_TEST(HandOut, every_task_reaches_exactly_one_of_several_waiting_consumers) {
  TypeParam queue{limits};
  Ledger ledger;
  std::atomic<unsigned> producing{producers};
  together(producers + consumers, [&](unsigned member) {
    if (member < producers) {
      produce(queue, member);
      if (--producing == 0) queue.shutdown(ShutdownMode::drain);
      return;
    }
    for (;;) {
      const auto result = queue.get_next_task(far_ahead());
      if (result.outcome == TakeOutcome::shut_down) return;
      ASSERT_EQ(result.outcome, TakeOutcome::task);
      ledger.note(queue, result.task);
    }
  });
  ledger.check();
  EXPECT_EQ(queue.size(), 0U);
  queue.join();
}

// --- one winner a race ---------------------------------------------------------------------------

template <class Q>
struct Races : WatchedTest {};
TYPED_TEST_SUITE(Races, ThreadSafeStrategies, StrategyName);

const unsigned racers = racer_count();
const int losers = static_cast<int>(racers) - 1;
const auto race_rounds = scaled(4'000);

/// How often each outcome was seen in each round.
class Tally {
public:
  explicit Tally(std::uint64_t rounds) : won_(rounds), lost_(rounds) {}

  void note(std::uint64_t round, bool won, bool lost) {
    if (won) ++won_[round];
    if (lost) ++lost_[round];
  }

  void expect_one_winner_a_round(std::uint64_t rounds, int losers_a_round) const {
    EXPECT_GT(rounds, 0U);
    for (std::uint64_t round = 0; round < rounds; ++round) {
      ASSERT_EQ(won_[round], 1) << "round " << round;
      ASSERT_EQ(lost_[round], losers_a_round) << "round " << round;
    }
  }

private:
  std::vector<std::atomic<int>> won_;
  std::vector<std::atomic<int>> lost_;
};

TYPED_TEST(Races, one_of_several_adds_of_the_same_id_succeeds) {
  TypeParam queue{{.capacity = 2 * racers, .payload_bytes = 0}};
  Tally tally{race_rounds};
  const auto clear_previous = [&](std::uint64_t round) {
    if (round == 0) return;
    EXPECT_EQ(queue.size(), 1U);
    EXPECT_EQ(take(queue), round - 1);
    EXPECT_TRUE(finish(queue, round - 1));
  };
  const auto rounds =
      in_rounds(race_rounds, racers, clear_previous, [&](std::uint64_t round, unsigned /*member*/) {
        const auto result = queue.add_task(round, 0, {});
        tally.note(round, result == AddResult::added, result == AddResult::duplicate);
      });
  tally.expect_one_winner_a_round(rounds, losers);
}

TYPED_TEST(Races, one_of_several_completions_succeeds) {
  TypeParam queue{limits};
  Tally tally{race_rounds};
  const auto start_task = [&](std::uint64_t round) {
    EXPECT_TRUE(add(queue, round));
    EXPECT_EQ(take(queue), round);
    if (round > 0) {
      EXPECT_EQ(queue.forget_task(round - 1), Transition::ok);
    }
  };
  const auto rounds =
      in_rounds(race_rounds, racers, start_task, [&](std::uint64_t round, unsigned /*member*/) {
        const auto result = queue.complete_task(round);
        tally.note(round, result == Transition::ok, result == Transition::wrong_state);
      });
  tally.expect_one_winner_a_round(rounds, losers);
}

TYPED_TEST(Races, one_of_several_cancels_succeeds) {
  TypeParam queue{limits};
  Tally tally{race_rounds};
  const auto queue_task = [&](std::uint64_t round) {
    EXPECT_EQ(take(queue), std::nullopt);
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_TRUE(add(queue, round));
    if (round > 0) {
      EXPECT_EQ(queue.forget_task(round - 1), Transition::ok);
    }
  };
  const auto rounds =
      in_rounds(race_rounds, racers, queue_task, [&](std::uint64_t round, unsigned /*member*/) {
        const auto result = queue.cancel_task(round);
        tally.note(round, result == Transition::ok, result == Transition::wrong_state);
      });
  tally.expect_one_winner_a_round(rounds, losers);
}

TYPED_TEST(Races, one_of_several_forgets_succeeds) {
  TypeParam queue{limits};
  Tally tally{race_rounds};
  const auto complete_task = [&](std::uint64_t round) {
    EXPECT_TRUE(add(queue, round));
    EXPECT_EQ(take(queue), round);
    EXPECT_EQ(queue.complete_task(round), Transition::ok);
  };
  const auto rounds =
      in_rounds(race_rounds, racers, complete_task, [&](std::uint64_t round, unsigned /*member*/) {
        const auto result = queue.forget_task(round);
        tally.note(round, result == Transition::ok, result == Transition::unknown);
      });
  tally.expect_one_winner_a_round(rounds, losers);
}

TYPED_TEST(Races, one_of_several_takes_gets_the_only_task) {
  TypeParam queue{limits};
  Tally tally{race_rounds};
  const auto queue_task = [&](std::uint64_t round) { EXPECT_TRUE(add(queue, round)); };
  const auto rounds =
      in_rounds(race_rounds, racers, queue_task, [&](std::uint64_t round, unsigned /*member*/) {
        const auto task = queue.try_get_next_task();
        tally.note(round, task && task->id == round, !task);
        if (task) {
          EXPECT_TRUE(finish(queue, task->id));
        }
      });
  tally.expect_one_winner_a_round(rounds, losers);
}

TYPED_TEST(Races, a_task_is_either_cancelled_or_taken) {
  TypeParam queue{limits};
  Tally tally{race_rounds};
  const auto queue_task = [&](std::uint64_t round) {
    EXPECT_EQ(take(queue), std::nullopt);
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_TRUE(add(queue, round));
  };
  const auto rounds =
      in_rounds(race_rounds, 2, queue_task, [&](std::uint64_t round, unsigned member) {
        if (member == 0) {
          const auto task = queue.try_get_next_task();
          tally.note(round, task.has_value(), !task);
          if (task) {
            EXPECT_TRUE(finish(queue, task->id));
          }
        } else {
          const auto result = queue.cancel_task(round);
          tally.note(round, result == Transition::ok, result != Transition::ok);
          if (result == Transition::ok) {
            EXPECT_EQ(queue.forget_task(round), Transition::ok);
          }
        }
      });
  tally.expect_one_winner_a_round(rounds, 1);
}

TYPED_TEST(Races, an_id_belongs_to_one_task_at_a_time_while_it_is_reused) {
  TypeParam queue{limits};
  constexpr TaskId ids = 4;
  std::array<std::atomic<int>, ids> owners{};
  std::atomic<int> shared{0};
  std::atomic<std::int64_t> alive{0};
  // Who took or cancelled a task owns its id until it makes a call that may free the id; two
  // owners at once would mean two tasks of one id.
  const auto own_for_a_moment = [&](TaskId id) {
    if (++owners.at(id) != 1) ++shared;
    if (id == 0) std::this_thread::yield();  // gives a second owner the time to appear
    --owners.at(id);
    --alive;
  };
  together(racers, [&](unsigned member) {
    std::minstd_rand draw{member + 1};
    for (std::uint64_t round = 0; round < scaled(50'000); ++round) {
      if (add(queue, draw() % ids)) ++alive;
      const TaskId victim = draw() % ids;
      if (draw() % 2 == 0 && queue.cancel_task(victim) == Transition::ok) {
        own_for_a_moment(victim);
        EXPECT_EQ(queue.forget_task(victim), Transition::ok);
      } else if (const auto taken = take(queue)) {
        own_for_a_moment(*taken);
        EXPECT_TRUE(finish(queue, *taken));
      }
    }
  });
  EXPECT_EQ(shared, 0);
  EXPECT_EQ(static_cast<std::int64_t>(queue.size()), alive);
}

// --- what a reader sees --------------------------------------------------------------------------

/// How far a task has come. Ids are used once here, so `unknown` means not yet or no more.
int stage(TaskStatus status, int seen_before) {
  switch (status) {
    case TaskStatus::unknown: return seen_before == 0 ? 0 : 4;
    case TaskStatus::queued: return 1;
    case TaskStatus::processing: return 2;
    case TaskStatus::completed:
    case TaskStatus::cancelled: return 3;
  }
  return -1;
}

TYPED_TEST(Races, a_reader_sees_statuses_move_forward_only) {
  constexpr TaskId tasks = scaled(20'000);
  constexpr TaskId window = 16;  // tasks alive at once
  TypeParam queue{{.capacity = 4 * window, .payload_bytes = 0}};
  std::atomic<TaskId> newest{0};
  std::atomic<bool> ended{false};
  std::atomic<int> backwards{0};
  std::atomic<int> wild_sizes{0};
  const auto live_and_die = [&] {
    for (TaskId id = 0; id < tasks; ++id) {
      newest = id;
      EXPECT_TRUE(add(queue, id));
      if (id % 4 == 3) {
        EXPECT_TRUE(cancel_and_forget(queue, id));
      }
      if (id % 16 < 8) continue;  // let some pile up
      while (const auto taken = take(queue)) EXPECT_TRUE(finish(queue, *taken));
    }
    ended = true;
  };
  const auto read = [&] {
    std::vector<int> seen(tasks, 0);
    while (!ended) {
      const TaskId last = newest;
      for (TaskId id = last < window ? 0 : last - window; id <= last; ++id) {
        const int now = stage(queue.get_status(id), seen[id]);
        if (now < seen[id]) ++backwards;
        seen[id] = now;
      }
      if (queue.size() > 4 * window) ++wild_sizes;
    }
  };
  together(3, [&](unsigned member) { member == 0 ? live_and_die() : read(); });
  EXPECT_EQ(backwards, 0);
  EXPECT_EQ(wild_sizes, 0);
}

TYPED_TEST(Races, a_random_mix_of_all_calls_keeps_the_books_balanced) {
  TypeParam queue{limits};
  std::atomic<std::int64_t> added{0};
  std::atomic<std::int64_t> taken{0};
  std::atomic<std::int64_t> cancelled{0};
  together(4, [&](unsigned member) {
    std::minstd_rand draw{member + 1};
    for (std::uint64_t i = 0; i < scaled(30'000); ++i) {
      const TaskId id = draw() % 100;  // more ids than places, and shared by all
      switch (draw() % 6) {
        case 0:
        case 1: added += add(queue, id, static_cast<int>(draw() % 4)); break;
        case 2: cancelled += queue.cancel_task(id) == Transition::ok; break;
        case 3: (void)queue.forget_task(id); break;
        case 4: (void)queue.get_status(id); break;
        default:
          if (const auto next = take(queue)) {
            ++taken;
            EXPECT_EQ(queue.complete_task(*next), Transition::ok);
          }
      }
    }
  });
  EXPECT_EQ(static_cast<std::int64_t>(queue.size()), added - taken - cancelled);
  while (take(queue)) ++taken;
  EXPECT_EQ(added, taken + cancelled);
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace lockbench::testing_support
