/// What the tasks of a round are called, and what they carry.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "harness/verify/rounds/round_ids.hpp"
#include "harness/verify/rounds/task_payload.hpp"

namespace lockbench::verify {
namespace {

TEST(RoundIds, give_each_name_an_id_and_each_id_its_name_back) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const RoundIds ids(random);
    for (const TaskId name : {TaskId{0}, TaskId{1}, TaskId{399}, (TaskId{7} << 32U) + 3,
                              std::numeric_limits<TaskId>::max()}) {
      EXPECT_EQ(ids.name_of(ids.id_of(name)), name);
    }
  }
}

/// How many of a hundred ids differ in the upper `bits` of their hashes, by seed.
std::size_t different_hashes(std::uint64_t seed, unsigned bits) {
  Random random(seed);
  const RoundIds ids(random);
  std::set<std::uint64_t> hashes;
  for (TaskId name = 0; name < 100; ++name) hashes.insert(id_hash(ids.id_of(name)) >> (64 - bits));
  return hashes.size();
}

TEST(RoundIds, collide_in_some_rounds_in_their_hashes_and_in_others_in_their_buckets_only) {
  int in_hashes = 0;
  int in_buckets = 0;
  int apart = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto buckets = different_hashes(seed, 16);
    if (different_hashes(seed, 32) == 1) {
      ++in_hashes;
    } else if (buckets <= 2) {
      ++in_buckets;
    } else if (buckets == 100) {
      ++apart;
    }
  }
  EXPECT_GT(in_hashes, 10);
  EXPECT_GT(in_buckets, 10);
  EXPECT_GT(apart, 10);
}

TEST(TaskPayload, tells_its_task) {
  const auto same = [](const TaskPayload& one, const TaskPayload& other) {
    return std::ranges::equal(one.bytes(), other.bytes());
  };
  std::set<std::size_t> lengths;
  int alike = 0;
  for (TaskId id = 0; id < 200; ++id) {
    const TaskPayload payload(id, 3);
    EXPECT_TRUE(same(payload, TaskPayload(id, 3)));
    lengths.insert(payload.bytes().size());
    alike += same(payload, TaskPayload(id + 1, 3)) || same(payload, TaskPayload(id, -3));
  }
  EXPECT_LT(alike, 50) << "those that are both empty";
  EXPECT_EQ(*lengths.begin(), 0U);
  EXPECT_EQ(*lengths.rbegin(), TaskPayload::longest);
  EXPECT_GT(lengths.size(), 20U);
}

TEST(TaskPayload, is_too_long_by_one_byte_at_least) {
  std::set<std::size_t> lengths;
  for (TaskId id = 0; id < 100; ++id) lengths.insert(TaskPayload(id, 0, true).bytes().size());
  EXPECT_EQ(*lengths.begin(), TaskPayload::longest + 1);
}

}  // namespace
}  // namespace lockbench::verify
