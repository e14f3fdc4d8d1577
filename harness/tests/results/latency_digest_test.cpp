#include "harness/results/latency_digest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace lockbench {
namespace {

WindowRow window(const std::string& case_id, std::uint32_t process, std::uint32_t number,
                 bool valid = true) {
  WindowRow row;
  row.case_id = case_id;
  row.process = process;
  row.window = number;
  row.valid = valid;
  return row;
}

LatencyRow latency(const std::string& case_id, std::uint32_t process, std::uint32_t number,
                   const std::string& kind, std::uint64_t ns) {
  LatencyRow row;
  row.case_id = case_id;
  row.process = process;
  row.window = number;
  row.kind = kind;
  row.histogram.record(ns);
  return row;
}

TEST(LatencyDigest, merges_the_valid_windows_of_a_case_and_no_others) {
  const std::vector rows{window("mutex", 0, 0), window("mutex", 0, 1, false), window("mutex", 1, 0),
                         window("rwlock", 0, 0)};
  LatencyDigest digest(rows);
  digest.add(latency("mutex", 0, 0, "all", 10));
  digest.add(latency("mutex", 0, 1, "all", 1000));  // invalid
  digest.add(latency("mutex", 1, 0, "all", 20));
  digest.add(latency("mutex", 2, 0, "all", 1000));  // of an unknown window
  digest.add(latency("rwlock", 0, 0, "all", 30));
  const auto* const merged = digest.find("mutex", "all");
  ASSERT_NE(merged, nullptr);
  EXPECT_EQ(merged->count(), 2U);
  EXPECT_EQ(merged->max_ns(), 20U);
  EXPECT_EQ(digest.find("rwlock", "all")->count(), 1U);
}

TEST(LatencyDigest, keeps_kinds_apart_and_only_those_that_are_summarised) {
  const std::vector rows{window("mutex", 0, 0)};
  LatencyDigest digest(rows);
  for (const auto* const kind : {"all", "sojourn", "service", "handoff", "add", "wait"}) {
    digest.add(latency("mutex", 0, 0, kind, 10));
  }
  for (const auto* const kept : {"all", "sojourn", "service", "handoff"}) {
    EXPECT_TRUE(LatencyDigest::keeps(kept)) << kept;
    ASSERT_NE(digest.find("mutex", kept), nullptr) << kept;
    EXPECT_EQ(digest.find("mutex", kept)->count(), 1U) << kept;
  }
  for (const auto* const dropped : {"add", "wait"}) {
    EXPECT_FALSE(LatencyDigest::keeps(dropped)) << dropped;
    EXPECT_EQ(digest.find("mutex", dropped), nullptr) << dropped;
  }
}

TEST(LatencyDigest, knows_nothing_of_a_case_without_a_valid_window) {
  LatencyDigest digest(std::vector{window("mutex", 0, 0, false)});
  digest.add(latency("mutex", 0, 0, "all", 10));
  EXPECT_EQ(digest.find("mutex", "all"), nullptr);
  EXPECT_EQ(LatencyDigest().find("mutex", "all"), nullptr);
}

}  // namespace
}  // namespace lockbench
