/// The words and the free records that the lock-free storage is made of.

#include "strategies/storage/record_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <set>
#include <vector>

#include "strategies/storage/record_state.hpp"
#include "strategies/tests/crew.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::testing_support {
namespace {

// --- words ---------------------------------------------------------------------------------------

TEST(TaggedLink, no_change_leads_back_to_an_earlier_word) {
  TaggedLink link;
  std::set<std::uint64_t> seen{link.word()};
  for (const RecordIndex index : {5U, 0U, 5U, 5U, QueueLimits::max_capacity, 0U}) {
    link = link.to(index);
    EXPECT_EQ(link.index(), index);
    EXPECT_FALSE(link.is_marked());
    EXPECT_TRUE(seen.insert(link.word()).second);
  }
}

TEST(TaggedLink, a_mark_keeps_the_index_and_a_new_index_takes_the_mark_off) {
  const auto link = TaggedLink{}.to(7);
  EXPECT_TRUE(link.marked().is_marked());
  EXPECT_EQ(link.marked().index(), 7U);
  EXPECT_FALSE(link.marked().to(8).is_marked());
  EXPECT_EQ(link.marked().to(8).index(), 8U);
}

TEST(TaggedLink, a_tag_that_wraps_leaves_index_and_mark_alone) {
  const TaggedLink last{~std::uint64_t{0}};  // the largest tag
  EXPECT_EQ(last.to(3).index(), 3U);
  EXPECT_FALSE(last.to(3).is_marked());
  EXPECT_EQ(last.to(3).word(), 3U);
}

TEST(RecordState, no_life_has_a_state_of_another) {
  RecordState state;
  std::set<std::uint64_t> seen{state.word()};
  for (int life = 0; life < 3; ++life) {
    state = state.reborn();
    EXPECT_EQ(state.status(), TaskStatus::queued);
    EXPECT_FALSE(state.has_left_fifo());
    EXPECT_FALSE(state.has_left_table());
    EXPECT_TRUE(seen.insert(state.word()).second);
    state = state.in(TaskStatus::processing).out_of_fifo();
    EXPECT_EQ(state.status(), TaskStatus::processing);
    EXPECT_TRUE(state.has_left_fifo());
    EXPECT_TRUE(seen.insert(state.word()).second);
  }
}

// --- the pool ------------------------------------------------------------------------------------

TEST(RecordPool, gives_each_record_once_and_then_none) {
  for (const std::uint32_t capacity : {1U, 2U, 3U, 100U}) {
    RecordPool pool{capacity};
    std::set<RecordIndex> given;
    for (std::uint32_t i = 0; i < capacity; ++i) given.insert(pool.acquire());
    EXPECT_EQ(given.size(), capacity);
    EXPECT_FALSE(given.contains(no_record));
    EXPECT_EQ(pool.acquire(), no_record);
  }
}

TEST(RecordPool, gives_released_records_again_in_whatever_order_they_came) {
  RecordPool pool{4};
  std::vector<RecordIndex> all;
  for (int i = 0; i < 4; ++i) all.push_back(pool.acquire());
  for (const std::size_t i : {2U, 0U, 3U, 1U}) pool.release(all[i]);
  const std::set<RecordIndex> expected(all.begin(), all.end());
  std::set<RecordIndex> again;
  for (int i = 0; i < 4; ++i) again.insert(pool.acquire());
  EXPECT_EQ(again, expected);
  EXPECT_EQ(pool.acquire(), no_record);
}

TEST(RecordPool, can_be_partly_used_before_some_records_are_touched) {
  RecordPool pool{3};
  const auto first = pool.acquire();
  pool.release(first);
  std::set<RecordIndex> given;
  for (int i = 0; i < 3; ++i) given.insert(pool.acquire());
  EXPECT_EQ(given.size(), 3U);
  EXPECT_EQ(pool.acquire(), no_record);
}

TEST(RecordPool, gives_all_records_to_whoever_asks_wherever_they_were_released) {
  constexpr std::uint32_t capacity = 40;
  RecordPool pool{capacity};
  std::array<RecordIndex, capacity> taken{};
  for (auto& index : taken) index = pool.acquire();
  // More threads than magazines, so that all hold some and some are shared.
  together(capacity / 2, [&](std::size_t member) {
    pool.release(taken.at(2 * member));
    pool.release(taken.at(2 * member + 1));
  });
  std::set<RecordIndex> given;
  for (std::uint32_t i = 0; i < capacity; ++i) given.insert(pool.acquire());
  EXPECT_EQ(given, std::set<RecordIndex>(taken.begin(), taken.end()));
  EXPECT_EQ(pool.acquire(), no_record);
}

TEST(RecordPool, never_says_none_while_a_record_wanders_between_magazines) {
  constexpr unsigned threads = 16;  // a magazine each
  RecordPool pool{threads + 1};
  std::atomic<RecordIndex> passed_on{no_record};
  std::atomic<std::uint64_t> refusals{0};
  const auto turns = scaled(100'000);
  // A thread that asks holds no record, the others one each and one is passed on: one is free, but
  // seldom where it was before, since each releases what another acquired.
  together(threads, [&](unsigned) {
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      const auto index = pool.acquire();
      if (index == no_record) {
        ++refusals;
        continue;
      }
      const auto other = passed_on.exchange(index);
      if (other != no_record) pool.release(other);
    }
  });
  EXPECT_EQ(refusals, 0U);
}

TEST(RecordPool, a_record_has_one_owner_at_a_time_and_none_is_lost) {
  constexpr std::uint32_t capacity = 3;  // fewer than threads: they fight for each
  constexpr unsigned threads = 4;
  RecordPool pool{capacity};
  std::array<std::atomic<bool>, capacity + 1> owned{};
  std::atomic<std::uint64_t> shared_records{0};
  const auto turns = scaled(200'000);
  together(threads, [&](unsigned) {
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      const auto index = pool.acquire();
      if (index == no_record) continue;
      if (owned[index].exchange(true)) ++shared_records;
      owned[index].store(false);
      pool.release(index);
    }
  });
  EXPECT_EQ(shared_records, 0U);
  for (std::uint32_t i = 0; i < capacity; ++i) EXPECT_NE(pool.acquire(), no_record);
  EXPECT_EQ(pool.acquire(), no_record);
}

TEST(RecordPool, hands_over_what_the_last_owner_wrote) {
  constexpr std::uint32_t capacity = 2;
  RecordPool pool{capacity};
  std::atomic<std::uint64_t> torn{0};
  const auto turns = scaled(200'000);
  // Plain members: a missing ordering is a data race that ThreadSanitizer reports.
  together(3, [&](unsigned) {
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      const auto index = pool.acquire();
      if (index == no_record) continue;
      auto& record = pool[index];
      if (static_cast<std::uint32_t>(record.priority) != record.payload_size) ++torn;
      ++record.priority;
      ++record.payload_size;
      pool.release(index);
    }
  });
  EXPECT_EQ(torn, 0U);
}

}  // namespace
}  // namespace lockbench::testing_support
