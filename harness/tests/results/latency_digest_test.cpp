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
  if (!valid) row.validity.add(Invalid::overlap);
  return row;
}

LatencyRow latency(const std::string& case_id, std::uint32_t process, std::uint32_t number,
                   LatencyKind kind, std::uint64_t ns) {
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
  digest.add(latency("mutex", 0, 0, LatencyKind::all, 10));
  digest.add(latency("mutex", 0, 1, LatencyKind::all, 1000));  // invalid
  digest.add(latency("mutex", 1, 0, LatencyKind::all, 20));
  digest.add(latency("mutex", 2, 0, LatencyKind::all, 1000));  // of an unknown window
  digest.add(latency("rwlock", 0, 0, LatencyKind::all, 30));
  const auto* const merged = digest.find("mutex", LatencyKind::all);
  ASSERT_NE(merged, nullptr);
  EXPECT_EQ(merged->count(), 2U);
  EXPECT_EQ(merged->max_ns(), 20U);
  EXPECT_EQ(digest.find("rwlock", LatencyKind::all)->count(), 1U);
}

TEST(LatencyDigest, keeps_kinds_apart_and_only_those_that_are_summarised) {
  const std::vector rows{window("mutex", 0, 0)};
  LatencyDigest digest(rows);
  for (const auto kind : {LatencyKind::all, LatencyKind::sojourn, LatencyKind::service,
                          LatencyKind::handoff, LatencyKind::add, LatencyKind::wait}) {
    digest.add(latency("mutex", 0, 0, kind, 10));
  }
  for (const auto kept :
       {LatencyKind::all, LatencyKind::sojourn, LatencyKind::service, LatencyKind::handoff}) {
    EXPECT_TRUE(LatencyDigest::keeps(kept)) << to_string(kept);
    ASSERT_NE(digest.find("mutex", kept), nullptr) << to_string(kept);
    EXPECT_EQ(digest.find("mutex", kept)->count(), 1U) << to_string(kept);
  }
  for (const auto dropped : {LatencyKind::add, LatencyKind::wait}) {
    EXPECT_FALSE(LatencyDigest::keeps(dropped)) << to_string(dropped);
    EXPECT_EQ(digest.find("mutex", dropped), nullptr) << to_string(dropped);
  }
}

TEST(LatencyDigest, knows_nothing_of_a_case_without_a_valid_window) {
  LatencyDigest digest(std::vector{window("mutex", 0, 0, false)});
  digest.add(latency("mutex", 0, 0, LatencyKind::all, 10));
  EXPECT_EQ(digest.find("mutex", LatencyKind::all), nullptr);
  EXPECT_EQ(LatencyDigest().find("mutex", LatencyKind::all), nullptr);
}

}  // namespace
}  // namespace lockbench
