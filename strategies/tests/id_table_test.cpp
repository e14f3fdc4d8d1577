#include "strategies/storage/id_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <unordered_map>
#include <vector>

namespace lockbench {
namespace {

/// A table together with the records that it finds.
class Directory {
public:
  explicit Directory(std::uint32_t capacity) : table_{capacity}, ids_(capacity) {}

  Slot find(TaskId id) const { return locate(id).slot; }
  void put(TaskId id, Slot slot) {
    ids_[slot] = id;
    table_.occupy(locate(id), slot);
  }
  void remove(TaskId id) { table_.vacate(locate(id)); }

private:
  [[nodiscard]] IdTable::Place locate(TaskId id) const {
    return table_.locate(id, [this](Slot slot) { return ids_[slot]; });
  }

  IdTable table_;
  std::vector<TaskId> ids_;
};

TEST(IdTableTest, finds_what_was_put_in_and_nothing_else) {
  Directory directory{4};
  const TaskId last = std::numeric_limits<TaskId>::max();
  EXPECT_EQ(directory.find(0), no_slot);
  directory.put(0, 3);
  directory.put(last, 0);
  EXPECT_EQ(directory.find(0), 3U);
  EXPECT_EQ(directory.find(last), 0U);
  EXPECT_EQ(directory.find(1), no_slot);
  directory.remove(0);
  EXPECT_EQ(directory.find(0), no_slot);
  EXPECT_EQ(directory.find(last), 0U);
}

TEST(IdTableTest, has_room_for_one_even_if_asked_for_no_more) {
  Directory directory{1};
  for (TaskId id = 0; id < 100; ++id) {
    directory.put(id, 0);
    ASSERT_EQ(directory.find(id), 0U);
    ASSERT_EQ(directory.find(id + 1), no_slot);
    directory.remove(id);
    ASSERT_EQ(directory.find(id), no_slot);
  }
}

/// Fills to capacity, removes and puts at random, and keeps asking for present and absent ids.
void agrees_with_a_map(const std::function<TaskId(std::uint64_t)>& id_of) {
  constexpr std::uint32_t capacity = 128;
  std::minstd_rand random{4};
  Directory directory{capacity};
  std::unordered_map<TaskId, Slot> model;
  std::vector<Slot> free_slots(capacity);
  for (Slot slot = 0; slot < capacity; ++slot) free_slots[slot] = slot;
  for (int turn = 0; turn < 40'000; ++turn) {
    const TaskId id = id_of(random() % 400);
    const auto known = model.find(id);
    ASSERT_EQ(directory.find(id), known == model.end() ? no_slot : known->second) << id;
    if (known != model.end()) {
      directory.remove(id);
      free_slots.push_back(known->second);
      model.erase(known);
    } else if (!free_slots.empty()) {
      directory.put(id, free_slots.back());
      model[id] = free_slots.back();
      free_slots.pop_back();
    }
  }
  for (const auto& [id, slot] : model) EXPECT_EQ(directory.find(id), slot);
}

TEST(IdTableTest, agrees_with_a_map_on_consecutive_ids) {
  agrees_with_a_map([](std::uint64_t n) { return n; });
}

TEST(IdTableTest, agrees_with_a_map_on_ids_made_of_worker_and_number) {
  agrees_with_a_map([](std::uint64_t n) { return ((n % 16) << 40U) | (n / 16); });
}

TEST(IdTableTest, agrees_with_a_map_on_ids_that_differ_in_the_highest_bits_only) {
  agrees_with_a_map([](std::uint64_t n) { return n << 55U; });
}

TEST(IdTableTest, agrees_with_a_map_on_ids_of_one_hash) {
  agrees_with_a_map([](std::uint64_t n) { return id_with_hash((std::uint64_t{7} << 32U) + n); });
}

TEST(IdTableTest, agrees_with_a_map_on_ids_at_both_ends_of_the_table) {
  agrees_with_a_map([](std::uint64_t n) {
    return id_with_hash(((std::uint64_t{0xffff'fffc} + n % 8) << 32U) + n);
  });
}

TEST(IdHash, has_one_id_a_hash_and_many_that_share_its_upper_half) {
  static_assert(id_with_hash(id_hash(42)) == 42);
  for (std::uint64_t hash = 1; hash != 0; hash *= 2) EXPECT_EQ(id_hash(id_with_hash(hash)), hash);
  EXPECT_EQ(id_hash(0x1822'f8a7'9976'cc5a) >> 32U, id_hash(0x201e'33b0'5994'4378) >> 32U);
}

/// How far searches for absent ids go, in a table as full as it gets, by the worst of many.
std::size_t longest_run(const std::vector<TaskId>& ids) {
  const std::size_t places = 2 * ids.size();
  IdTable table{ids.size()};
  const auto locate = [&](TaskId id) {
    return table.locate(id, [&](Slot slot) { return ids[slot]; });
  };
  std::vector<bool> taken(places);
  for (Slot slot = 0; slot < ids.size(); ++slot) {
    const auto place = locate(ids[slot]);
    table.occupy(place, slot);
    taken[place.index] = true;
  }
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < 2 * places; ++i) {
    run = taken[i % places] ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

TEST(IdTableHash, leaves_no_long_runs_in_a_full_table) {
  std::vector<TaskId> consecutive(4096);
  std::vector<TaskId> of_workers(4096);
  std::vector<TaskId> multiples(4096);
  for (TaskId n = 0; n < 4096; ++n) {
    consecutive[n] = 1'000'000 + n;
    of_workers[n] = ((n % 8) << 40U) | (n / 8);
    multiples[n] = n << 12U;
  }
  // Random hashing would leave runs of about 60.
  EXPECT_LT(longest_run(consecutive), 20U);
  EXPECT_LT(longest_run(of_workers), 100U);
  EXPECT_LT(longest_run(multiples), 100U);
}

}  // namespace
}  // namespace lockbench
