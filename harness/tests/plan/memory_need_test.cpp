#include "harness/plan/memory_need.hpp"

#include <gtest/gtest.h>

#include "harness/base/errors.hpp"
#include "harness/metrics/latencies.hpp"

namespace lockbench {
namespace {

constexpr double mib = 1 << 20;

Block block_of(std::string workload, std::string strategy = "mutex") {
  Block block;
  block.id = "a block";
  block.point.workload = std::move(workload);
  block.labels = {{std::move(strategy), false}, {"null", false}};
  return block;
}

std::string refusal_of(const Block& block, double room_bytes) {
  try {
    refuse_too_large(Plan{.blocks = {block_of("mixed"), block}},
                     {room_bytes, "memory.max of /box"});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "";
}

TEST(MemoryNeed, of_tasks_grows_with_prefill_and_payload) {
  auto block = block_of("mixed");
  block.point.prefill = 1'000'000;
  block.point.payload_bytes = 0;
  const double bare = memory_need(block).tasks;
  EXPECT_GE(bare, 60e6);
  EXPECT_LE(bare, 98e6);  // what the leanest strategy takes, as `peak_memory_bytes` has it
  block.point.payload_bytes = 1024;
  EXPECT_NEAR(memory_need(block).tasks, bare + 1024e6, 2e6);
}

TEST(MemoryNeed, of_threads_has_the_histograms_where_operations_are_timed) {
  auto block = block_of("mixed");
  block.point.threads = 1024;
  const double untimed = memory_need(block).threads;
  EXPECT_LT(untimed, 32 * mib);
  block.sample_every = 256;
  EXPECT_DOUBLE_EQ(memory_need(block).threads - untimed,
                   1024.0 * operation_kinds * LatencyHistogram::bytes);
}

TEST(MemoryNeed, of_a_block_that_stores_nothing_has_no_tasks) {
  auto block = block_of("mixed", "null");
  block.point.prefill = 4'000'000;
  EXPECT_EQ(memory_need(block).tasks, 0);
  EXPECT_EQ(full_queue_bytes(block), 0);
}

TEST(RefuseTooLarge, names_what_is_needed_what_there_is_and_what_to_lower) {
  auto block = block_of("mixed");
  block.point.prefill = 1'000'000;
  block.point.payload_bytes = 1024;
  EXPECT_EQ(refusal_of(block, 512 * mib),
            "a block needs at least 1.0 GiB of memory, but 512 MiB are to be had (memory.max of "
            "/box); lower --prefill (1000000) or --payload (1024)");
  EXPECT_EQ(refusal_of(block, 4096 * mib), "");
}

TEST(RefuseTooLarge, names_the_team_where_that_is_what_needs_it) {
  auto block = block_of("mixed");
  block.point.threads = 1024;
  block.sample_every = 256;
  const auto refusal = refusal_of(block, 512 * mib);
  EXPECT_NE(refusal.find("; lower --threads (1024) or the histograms, by --sample 0"),
            std::string::npos);
  EXPECT_EQ(refusal.find("--prefill"), std::string::npos);
  block.sample_every = 0;
  EXPECT_EQ(refusal_of(block, 512 * mib), "");
}

TEST(WarningOfFullQueues, is_for_capacities_that_would_not_fit) {
  auto block = block_of("mixed");
  block.point.capacity = 4'000'000;
  const Plan plan{.blocks = {block_of("mixed"), block}};
  EXPECT_EQ(warning_of_full_queues(plan, {1024 * mib, "the machine's memory"}), "");
  EXPECT_EQ(
      warning_of_full_queues(plan, {256 * mib, "the machine's memory"}),
      "a block: a full queue takes 427 MiB, but 256 MiB are to be had (the machine's memory): "
      "memory may run out; lower --capacity or --payload");
  EXPECT_EQ(warning_of_full_queues({}, {0, ""}), "");
}

}  // namespace
}  // namespace lockbench
