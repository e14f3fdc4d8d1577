/// The lock-free id table: alone against a model, then with threads that insert, find and remove
/// the same few ids at once.

#include "strategies/storage/concurrent_id_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <limits>
#include <map>
#include <random>

#include "strategies/tests/crew.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {
namespace {

/// A table, and the least that is done with its records in a queue. With `expected` far below
/// `capacity` the table has so few buckets that its lists are long.
class Ids {
public:
  Ids(std::uint32_t capacity, std::uint32_t expected) : pool_{capacity}, table_{pool_, expected} {}

  /// The new record; none if the id is there or the pool is empty.
  RecordIndex insert(TaskId id) {
    const auto index = pool_.acquire();
    if (index == no_record) return no_record;
    auto& record = pool_[index];
    record.id.store(id, std::memory_order_release);
    const RecordState last{record.state.load(std::memory_order_relaxed)};
    record.state.store(last.reborn().word(), std::memory_order_release);
    if (table_.insert(index)) return index;
    pool_.release(index);
    return no_record;
  }

  /// The first of two steps; the caller goes on with `remove` if it is true.
  bool forget(const ConcurrentIdTable::Place& place) {
    auto found = place.state.word();
    return pool_[place.index].state.compare_exchange(found,
                                                     place.state.in(TaskStatus::unknown).word());
  }
  void remove(const ConcurrentIdTable::Place& place) {
    table_.remove(place);
    pool_.release(place.index);
  }

  bool erase(TaskId id) {
    for (;;) {
      const auto place = table_.locate(id);
      if (!is_live(place)) return false;
      if (!forget(place)) continue;
      remove(place);
      return true;
    }
  }

  bool contains(TaskId id) const { return is_live(table_.locate(id)); }
  ConcurrentIdTable::Place locate(TaskId id) const { return table_.locate(id); }

  const AtomicWord* link_of(RecordIndex index) { return &pool_[index].link; }

  std::uint32_t count_free() {
    std::uint32_t count = 0;
    while (pool_.acquire() != no_record) ++count;
    return count;
  }

private:
  static bool is_live(const ConcurrentIdTable::Place& place) {
    return place.index != no_record && place.state.status() != TaskStatus::unknown;
  }

  RecordPool pool_;
  ConcurrentIdTable table_;
};

struct ConcurrentIdTableTest : WatchedTest {};

// --- one thread ----------------------------------------------------------------------------------

TEST_F(ConcurrentIdTableTest, finds_what_was_inserted_and_nothing_else) {
  Ids ids{8, 8};
  EXPECT_FALSE(ids.contains(1));
  const auto index = ids.insert(1);
  ASSERT_NE(index, no_record);
  EXPECT_EQ(ids.locate(1).index, index);
  EXPECT_EQ(ids.locate(1).state.status(), TaskStatus::queued);
  EXPECT_FALSE(ids.contains(0));
  EXPECT_FALSE(ids.contains(2));
}

TEST_F(ConcurrentIdTableTest, holds_every_id_there_is) {
  Ids ids{8, 1};
  constexpr auto largest = std::numeric_limits<TaskId>::max();
  constexpr std::array all{TaskId{0},        TaskId{1},   TaskId{1} << 32U,
                           TaskId{1} << 63U, largest - 1, largest};
  for (const auto id : all) ASSERT_NE(ids.insert(id), no_record);
  for (const auto id : all) EXPECT_TRUE(ids.contains(id)) << id;
  for (const auto id : all) EXPECT_TRUE(ids.erase(id)) << id;
  for (const auto id : all) EXPECT_FALSE(ids.contains(id)) << id;
}

TEST_F(ConcurrentIdTableTest, refuses_a_second_record_of_an_id) {
  Ids ids{4, 4};
  const auto first = ids.insert(1);
  ASSERT_NE(first, no_record);
  EXPECT_EQ(ids.insert(1), no_record);
  EXPECT_EQ(ids.locate(1).index, first);
}

TEST_F(ConcurrentIdTableTest, takes_a_forgotten_id_again_before_its_old_record_is_removed) {
  Ids ids{4, 1};
  ASSERT_NE(ids.insert(1), no_record);
  const auto old = ids.locate(1);
  ASSERT_TRUE(ids.forget(old));
  EXPECT_FALSE(ids.contains(1));
  const auto renewed = ids.insert(1);  // must not wait for the thread that forgot
  ASSERT_NE(renewed, no_record);
  EXPECT_NE(renewed, old.index);
  ids.remove(old);
  EXPECT_EQ(ids.locate(1).index, renewed);
  EXPECT_EQ(ids.count_free(), 3U);
}

TEST_F(ConcurrentIdTableTest, removes_a_record_whose_neighbours_have_changed_since) {
  Ids ids{8, 1};
  for (const TaskId id : {10U, 20U, 30U}) ASSERT_NE(ids.insert(id), no_record);
  const auto place = ids.locate(20);
  ASSERT_TRUE(ids.forget(place));
  for (const TaskId id : {9U, 11U, 19U, 21U}) ASSERT_NE(ids.insert(id), no_record);
  ASSERT_TRUE(ids.erase(10));
  ids.remove(place);
  EXPECT_EQ(ids.insert(25), place.index) << "the record is free for another id";
  EXPECT_FALSE(ids.contains(20));
  for (const TaskId id : {9U, 11U, 19U, 21U, 25U, 30U}) EXPECT_TRUE(ids.contains(id)) << id;
  EXPECT_EQ(ids.count_free(), 2U);
}

TEST_F(ConcurrentIdTableTest, nothing_can_be_linked_behind_a_record_that_was_removed) {
  Ids ids{4, 1};
  const auto index = ids.insert(10);
  // The place of another id, as a thread sees it that is about to insert behind the record.
  TaskId later = 11;
  while (ids.locate(later).before != ids.link_of(index)) ++later;
  const auto place = ids.locate(later);
  ASSERT_TRUE(ids.erase(10));
  EXPECT_NE(place.before->load(std::memory_order_relaxed), place.link.word());
}

TEST_F(ConcurrentIdTableTest, a_place_goes_stale_even_if_the_same_record_comes_back_to_it) {
  Ids ids{4, 1};
  const auto index = ids.insert(10);
  const auto place = ids.locate(10);
  for (int times = 0; times < 3; ++times) {
    ASSERT_TRUE(ids.erase(10));
    ASSERT_EQ(ids.insert(10), index);
    EXPECT_NE(place.before->load(std::memory_order_relaxed), place.link.word());
    EXPECT_EQ(ids.locate(10).link.index(), place.link.index());
  }
  EXPECT_FALSE(ids.forget(place)) << "its state belongs to an earlier life";
}

TEST_F(ConcurrentIdTableTest, agrees_with_a_map_over_any_sequence_of_calls) {
  constexpr std::uint32_t capacity = 64;
  for (const std::uint32_t expected : {1U, 8U, capacity}) {
    SCOPED_TRACE(expected);
    Ids ids{capacity, expected};
    std::map<TaskId, RecordIndex> model;
    std::mt19937_64 draw{expected};
    for (std::uint64_t step = 0; step < scaled(200'000); ++step) {
      const TaskId id = draw() % 100;
      if (draw() % 2 == 0) {
        const bool possible = !model.contains(id) && model.size() < capacity;
        const auto index = ids.insert(id);
        ASSERT_EQ(index != no_record, possible);
        if (possible) model[id] = index;
      } else {
        ASSERT_EQ(ids.erase(id), model.erase(id) == 1);
      }
      const TaskId other = draw() % 100;
      const auto found = model.find(other);
      ASSERT_EQ(ids.locate(other).index, found == model.end() ? no_record : found->second);
    }
    ASSERT_EQ(ids.count_free(), capacity - model.size());
  }
}

// --- several threads -----------------------------------------------------------------------------

constexpr unsigned threads = 4;

TEST_F(ConcurrentIdTableTest, of_several_inserts_of_an_id_one_succeeds) {
  Ids ids{2 * threads, 1};
  std::array<std::atomic<unsigned>, threads> winners{};
  std::atomic<std::uint64_t> wrong_rounds{0};
  unsigned expected_total = 0;
  const auto total = [&] {
    unsigned sum = 0;
    for (const auto& count : winners) sum += count.load();
    return sum;
  };
  const auto rounds = in_rounds(
      scaled(5'000), threads,
      [&](std::uint64_t round) {
        if (total() != expected_total) ++wrong_rounds;
        if (round > 0) ids.erase(round - 1);
        expected_total = total() + 1;
      },
      [&](std::uint64_t round, unsigned member) {
        if (ids.insert(round) != no_record) ++winners[member];
      });
  EXPECT_EQ(total(), rounds);
  EXPECT_LE(wrong_rounds, 1U) << "but for the first round, before which there was none";
}

TEST_F(ConcurrentIdTableTest, an_id_that_stays_is_always_found_while_its_neighbours_come_and_go) {
  Ids ids{64, 1};  // two lists for all: whoever stays has neighbours that go
  for (TaskId id = 0; id < 40; id += 4) ASSERT_NE(ids.insert(id), no_record);
  std::atomic<unsigned> writing{threads - 1};
  std::atomic<std::uint64_t> misses{0};
  const auto turns = scaled(1'000'000);
  together(threads, [&](unsigned member) {
    if (member == 0) {
      while (writing.load() != 0) {
        for (TaskId id = 0; id < 40; id += 4) misses += ids.contains(id) ? 0 : 1;
      }
      return;
    }
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      const TaskId id = (turn % 10) * 4 + member;  // no other thread's
      if (ids.insert(id) == no_record || !ids.contains(id)) ++misses;
      if (!ids.erase(id) || ids.contains(id)) ++misses;
    }
    --writing;
  });
  EXPECT_EQ(misses, 0U);
  EXPECT_EQ(ids.count_free(), 54U);
}

TEST_F(ConcurrentIdTableTest, no_id_and_no_record_is_lost_while_all_fight_for_the_same_few) {
  constexpr std::uint32_t capacity = 2 * threads;
  constexpr TaskId few = 3;
  Ids ids{capacity, 1};
  std::array<std::atomic<std::int64_t>, few> present{};
  const auto turns = scaled(200'000);
  together(threads, [&](unsigned member) {
    std::mt19937_64 draw{member};
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      const auto id = draw() % few;
      if (draw() % 2 == 0) {
        if (ids.insert(id) != no_record) ++present[id];
      } else if (ids.erase(id)) {
        --present[id];
      }
    }
  });
  std::uint32_t held = 0;
  for (TaskId id = 0; id < few; ++id) {
    ASSERT_TRUE(present[id] == 0 || present[id] == 1) << "inserted less removed: " << present[id];
    EXPECT_EQ(ids.contains(id), present[id] == 1);
    held += present[id] == 1 ? 1U : 0U;
  }
  EXPECT_EQ(ids.count_free(), capacity - held);
}

}  // namespace
}  // namespace lockbench::testing_support
