#include "harness/plan/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/exact_integer.hpp"
#include "harness/engine/block.hpp"
#include "harness/engine/block_task.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

Request request_for(std::vector<std::string> strategies) {
  Request request;
  request.strategies = std::move(strategies);
  request.seed = 1;
  return request;
}

TEST(Plan, every_block_has_its_strategies_the_twin_of_the_baseline_and_null) {
  const auto plan = make_plan(request_for({"mutex", "rwlock"}), 2);
  ASSERT_EQ(plan.blocks.size(), 1U);
  const std::vector<Label> expected{
      {"mutex", false}, {"rwlock", false}, {"mutex", true}, {"null", false}};
  EXPECT_EQ(plan.blocks[0].labels, expected);
}

TEST(Plan, enters_a_baseline_that_was_not_asked_for) {
  const std::vector<Label> expected{
      {"mutex", false}, {"rwlock", false}, {"mutex", true}, {"null", false}};
  EXPECT_EQ(make_plan(request_for({"rwlock"}), 2).blocks[0].labels, expected);

  auto request = request_for({"rwlock", "moodycamel"});
  request.workload = {"raw_fifo"};
  request.same_cpu_point = false;
  const std::vector<Label> of_packages{
      {"boost_lockfree", false}, {"moodycamel", false}, {"boost_lockfree", true}};
  EXPECT_EQ(make_plan(request, 2).blocks[0].labels, of_packages);
}

TEST(Plan, a_block_draws_each_layout_once_before_any_is_drawn_again) {
  auto request = request_for({"mutex"});
  request.layouts = 5;
  request.threads = {1, 2};
  const auto plan = make_plan(request, 2);
  std::vector<std::vector<std::uint32_t>> rounds;
  for (const std::uint32_t block : {0U, 1U}) {
    for (const std::uint32_t first : {0U, 5U, 10U}) {
      auto& round = rounds.emplace_back();
      for (std::uint32_t i = 0; i < 5; ++i) {
        round.push_back(layout_of(plan, {.block = block, .process = first + i}));
      }
      EXPECT_TRUE(std::ranges::is_permutation(round, std::vector{1U, 2U, 3U, 4U, 5U}));
    }
  }
  EXPECT_GT(std::set(rounds.begin(), rounds.end()).size(), 1U) << "all rounds in one order";
}

TEST(Plan, every_process_has_the_only_layout_or_the_programs_own) {
  auto request = request_for({"mutex"});
  for (const std::uint32_t layouts : {0U, 1U}) {
    request.layouts = layouts;
    const auto plan = make_plan(request, 2);
    for (const auto& run : plan.order) EXPECT_EQ(layout_of(plan, run), layouts);
  }
}

TEST(Plan, null_that_was_asked_for_is_not_entered_twice_and_is_never_the_twin) {
  const auto plan = make_plan(request_for({"null", "mutex"}), 2);
  const std::vector<Label> expected{{"null", false}, {"mutex", false}, {"mutex", true}};
  EXPECT_EQ(plan.blocks[0].labels, expected);
  EXPECT_EQ(make_plan(request_for({"null"}), 2).blocks[0].labels,
            (std::vector<Label>{{"null", false}}));
}

TEST(Plan, takes_every_combination_once_in_every_process) {
  auto request = request_for({"mutex"});
  request.threads = {1, 2, 4};
  request.read_ratio = {0, 0.5};
  request.pinning = {Pinning::compact, Pinning::none};
  request.processes = 3;
  const auto plan = make_plan(request, 2);
  EXPECT_EQ(plan.blocks.size(), 12U);
  std::set<std::pair<std::uint32_t, std::uint32_t>> runs;
  for (const auto& run : plan.order) runs.insert({run.block, run.process});
  EXPECT_EQ(runs.size(), 36U);
  EXPECT_EQ(plan.order.size(), 36U);
}

TEST(Plan, has_seeds_that_every_reader_of_numbers_keeps) {
  auto request = request_for({"mutex"});
  request.processes = 100;
  for (const auto& process : make_plan(request, 4).order) {
    EXPECT_LE(process.seed, largest_exact_integer);
  }
}

TEST(Plan, is_the_same_for_the_same_seed_and_another_order_for_another) {
  auto request = request_for({"mutex"});
  request.threads = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(make_plan(request, 2).order, make_plan(request, 2).order);
  auto other = request;
  other.seed = 2;
  EXPECT_NE(make_plan(request, 2).order, make_plan(other, 2).order);
}

TEST(Plan, windows_of_oversubscribed_blocks_last_four_scheduling_rounds) {
  auto request = request_for({"mutex"});
  request.threads = {2, 16};
  const auto plan = make_plan(request, 2);
  EXPECT_FALSE(plan.blocks[0].oversubscribed);
  EXPECT_DOUBLE_EQ(plan.blocks[0].window_s, 0.015);
  EXPECT_TRUE(plan.blocks[1].oversubscribed);
  EXPECT_DOUBLE_EQ(plan.blocks[1].window_s, 4 * 16 / 2.0 * 0.004);
}

TEST(Plan, a_quota_below_the_team_counts_as_oversubscribed) {
  auto request = request_for({"mutex"});
  request.threads = {2};
  EXPECT_TRUE(make_plan(request, 1.5).blocks[0].oversubscribed);
}

TEST(Plan, producer_consumer_splits_threads_unless_roles_are_given) {
  auto request = request_for({"mutex"});
  request.workload = {"producer_consumer"};
  request.threads = {1, 2, 5};
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 2U);  // one thread needs a partner: the same as two
  EXPECT_EQ(plan.blocks[1].point.producers, 2U);
  EXPECT_EQ(plan.blocks[1].point.consumers, 3U);
  request.producers = {1, 4};
  request.consumers = {2};
  EXPECT_EQ(make_plan(request, 8).blocks[1].point.threads, 6U);
}

TEST(Plan, refuses_a_capacity_without_room_for_the_prefill) {
  auto request = request_for({"mutex"});
  request.capacity = {100};
  try {
    (void)make_plan(request, 2);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("--capacity 100"), std::string::npos);
  }
}

/// What the plan says against a point, or nothing.
std::string refusal_of(const Request& request) {
  try {
    (void)make_plan(request, 2);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
}

TEST(Plan, refuses_a_window_in_which_priorities_could_leave_the_range_of_int) {
  auto request = request_for({"mutex"});
  request.prefill = {0};
  request.priorities = {65536};
  const auto refusal = refusal_of(request);
  for (const auto* const part : {"mixed", "0.015 s", "--priorities 65536", "--prefill 0",
                                 "shorten --window", "lower --priorities", "raise --prefill"}) {
    EXPECT_NE(refusal.find(part), std::string::npos) << part << " in: " << refusal;
  }
  request.prefill = {1024};
  EXPECT_EQ(refusal_of(request), "");
  request.window_s = 100;
  EXPECT_NE(refusal_of(request), "");
  request.workload = {"burst"};  // whose priorities stay where they are
  EXPECT_EQ(refusal_of(request), "");
}

TEST(Plan, allows_long_windows_of_usual_points_in_every_workload) {
  auto request = request_for({"mutex", "moodycamel"});
  request.window_s = 10;
  request.priority_order = {PriorityOrder::uniform, PriorityOrder::ascending,
                            PriorityOrder::descending};
  for (const auto& workload : workload_catalogue()) {
    request.workload = {std::string(workload.name)};
    EXPECT_EQ(refusal_of(request), "") << workload.name;
  }
}

TEST(Plan, same_cpu_points_are_blocks_more_and_oversubscribed_beside_one_that_is_not) {
  auto request = request_for({"mutex"});
  request.same_cpu_point = true;
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 4U);
  EXPECT_EQ(point_id(plan.blocks[2].point), "handoff/producers:1/consumers:1");
  EXPECT_FALSE(plan.blocks[2].oversubscribed);
  EXPECT_EQ(point_id(plan.blocks[3].point), "handoff/producers:1/consumers:1/pinning:same_cpu");
  EXPECT_TRUE(plan.blocks[3].oversubscribed);
  EXPECT_EQ(point_id(plan.blocks[1].point),
            "producer_consumer/producers:1/consumers:1/pinning:same_cpu");
  EXPECT_TRUE(plan.blocks[1].oversubscribed);
}

TEST(Plan, the_same_cpu_point_is_not_entered_twice) {
  auto request = request_for({"mutex"});
  request.workload = {"producer_consumer"};
  request.threads = {2};
  request.pinning = {Pinning::same_cpu};
  request.same_cpu_point = true;
  EXPECT_EQ(make_plan(request, 8).blocks.size(), 2U);  // and one of handoff
}

TEST(Plan, where_cpus_are_listed_the_same_cpu_point_is_on_the_first_of_them) {
  auto request = request_for({"mutex"});
  request.pinning = {Pinning::on({3, 2})};
  request.same_cpu_point = true;
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 4U);
  EXPECT_EQ(plan.blocks[1].point.pinning, Pinning::on({3}));
  EXPECT_TRUE(plan.blocks[1].oversubscribed);
}

TEST(Plan, handoff_is_measured_on_one_cpu_too) {
  auto request = request_for({"condvar"});
  request.workload = {"handoff"};
  request.threads = {2};
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 2U);
  EXPECT_EQ(plan.blocks[1].point.pinning, Pinning(Pinning::same_cpu));
  EXPECT_EQ(plan.blocks[0].point.prefill, 0U);
  EXPECT_GE(plan.blocks[0].window_s, 0.05);
}

TEST(Plan, handoff_is_measured_at_every_idle_time_on_two_cpus_and_on_one) {
  auto request = request_for({"condvar"});
  request.workload = {"handoff"};
  request.threads = {2};
  request.idle_ns = {0, 30'000, 10'000'000};
  const auto plan = make_plan(request, 8);
  std::vector<std::string> ids;
  for (const auto& block : plan.blocks) ids.push_back(block.id);
  const std::string id = "handoff/producers:1/consumers:1";
  EXPECT_EQ(ids, (std::vector{id + "/idle_ns:0", id, id + "/idle_ns:10000000",
                              id + "/pinning:same_cpu/idle_ns:0", id + "/pinning:same_cpu",
                              id + "/pinning:same_cpu/idle_ns:10000000"}));
  EXPECT_EQ(plan.blocks[0].window_s, plan.blocks[1].window_s);
  EXPECT_DOUBLE_EQ(plan.blocks[2].window_s, 0.5) << "room for fifty hand-overs";
  request.workload = {"producer_consumer"};
  EXPECT_EQ(make_plan(request, 8).blocks.size(), 1U);
  EXPECT_EQ(make_plan(request, 8).blocks[0].point.idle_ns, 0U);
}

TEST(Plan, a_sweep_shows_what_waking_costs_at_every_idle_time) {
  auto request = request_for({"condvar"});
  request.same_cpu_point = true;
  request.idle_ns = {30'000, 200'000};
  EXPECT_EQ(make_plan(request, 8).blocks.size(), 6U);  // four of them of handoff
}

TEST(Plan, a_workload_varies_what_it_uses_and_nothing_else) {
  auto request = request_for({"mutex"});
  request.workload = {"hold"};
  request.prefill = {100, 10000};
  request.priority_order = {PriorityOrder::uniform, PriorityOrder::descending};
  request.load = {0.5, 0.9};
  request.burst = {1, 2, 3};
  request.read_ratio = {0, 1};
  EXPECT_EQ(make_plan(request, 2).blocks.size(), 4U);
  request.workload = {"open_loop"};
  const auto plan = make_plan(request, 2);
  ASSERT_EQ(plan.blocks.size(), 2U);
  EXPECT_EQ(point_id(plan.blocks[0].point),
            "open_loop/producers:1/consumers:1/work_ns:1000/load:0.5");
  EXPECT_GT(plan.blocks[0].capacity_window_s, 0);
  request.payload_bytes = {4};
  EXPECT_THROW((void)make_plan(request, 2), Error);
}

TEST(Plan, a_bare_package_is_only_measured_for_strategies_that_are_built_on_one) {
  auto request = request_for({"mutex", "boost_lockfree", "moodycamel"});
  request.workload = {"raw_fifo"};
  const std::vector<Label> expected{
      {"boost_lockfree", false}, {"moodycamel", false}, {"boost_lockfree", true}};
  EXPECT_EQ(make_plan(request, 2).blocks[0].labels, expected);
  request.strategies = {"mutex"};
  EXPECT_THROW((void)make_plan(request, 2), Error);
}

TEST(Plan, a_team_larger_than_the_cpus_of_its_list_is_oversubscribed) {
  auto request = request_for({"mutex"});
  const auto oversubscribed = [&](std::vector<std::uint32_t> cpus, std::uint32_t threads,
                                  double usable_cpus = 8) {
    request.threads = {threads};
    request.pinning = {Pinning::on(std::move(cpus))};
    return make_plan(request, usable_cpus).blocks[0].oversubscribed;
  };
  EXPECT_FALSE(oversubscribed({0, 2, 4}, 3));
  EXPECT_TRUE(oversubscribed({0, 2, 4}, 4));
  EXPECT_FALSE(oversubscribed({0, 2, 4}, 2));
  EXPECT_TRUE(oversubscribed({0, 0, 4}, 2));  // both on CPU 0
  EXPECT_TRUE(oversubscribed({0, 2, 4}, 3, 2.5)) << "the quota grants less than the list";
}

TEST(Plan, windows_on_a_list_of_cpus_last_four_rounds_of_those_cpus) {
  auto request = request_for({"mutex"});
  request.threads = {8};
  request.pinning = {Pinning::on({0, 1})};
  EXPECT_DOUBLE_EQ(make_plan(request, 8).blocks[0].window_s, 4 * 8 / 2.0 * 0.004);
}

TEST(PinningText, reads_back_what_it_wrote) {
  for (const auto rule : all_values<Pinning::Rule>) {
    EXPECT_EQ(pinning_from_string(to_string(Pinning(rule))), rule);
  }
  const auto listed = Pinning::on({0, 2, 4, 2});
  EXPECT_EQ(to_string(listed), "cpus:0+2+4+2");
  EXPECT_EQ(pinning_from_string("cpus:0+2+4+2"), listed);
}

TEST(PinningText, refuses_anything_else_by_name) {
  for (const std::string bad : {"", "listed", "Compact", "smt_pairs", "cpus", "cpus:", "cpus:+1",
                                "cpus:1+", "cpus:1,2", "cpus:-1", "cpus:1 ", "cpus:99999999999"}) {
    try {
      (void)pinning_from_string(bad);
      ADD_FAILURE() << "accepted: " << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_EQ(std::string(error.what()),
                "unknown pinning '" + bad +
                    "'; allowed: none, compact, scatter, same_cpu, smt-pairs, per-node, or a list "
                    "such as cpus:0+2");
    }
  }
}

TEST(PointId, names_the_cpus_of_a_list) {
  CaseParameters point;
  point.pinning = Pinning::on({0, 2});
  EXPECT_EQ(point_id(point), "mixed/threads:1/read_ratio:0.5/pinning:cpus:0+2");
}

TEST(PointId, names_every_parameter_that_is_not_the_default) {
  CaseParameters point;
  point.threads = 4;
  EXPECT_EQ(point_id(point), "mixed/threads:4/read_ratio:0.5");
  point.prefill = 10;
  point.pinning = Pinning::none;
  EXPECT_EQ(point_id(point), "mixed/threads:4/read_ratio:0.5/prefill:10/pinning:none");
}

std::set<std::uint32_t> labels_of_round(const std::vector<PlannedWindow>& order, std::size_t round,
                                        std::size_t labels) {
  std::set<std::uint32_t> found;
  for (std::size_t i = round * labels; i < (round + 1) * labels; ++i) found.insert(order[i].label);
  return found;
}

TEST(WindowOrder, has_every_label_once_in_every_round) {
  const auto order = window_order(5, 3, false, 42);
  ASSERT_EQ(order.size(), 15U);
  for (std::size_t round = 0; round < 3; ++round) {
    EXPECT_EQ(labels_of_round(order, round, 5).size(), 5U);
  }
  EXPECT_NE(order, window_order(5, 3, false, 43));
  EXPECT_TRUE(std::ranges::none_of(order, &PlannedWindow::sampled));
}

TEST(WindowOrder, has_one_whole_round_of_sampled_windows_more_at_any_place) {
  std::set<std::size_t> places;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto order = window_order(5, 3, true, seed);
    ASSERT_EQ(order.size(), 20U);
    for (std::size_t round = 0; round < 4; ++round) {
      EXPECT_EQ(labels_of_round(order, round, 5).size(), 5U);
      const bool sampled = order[5 * round].sampled;
      for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(order[5 * round + i].sampled, sampled);
      if (sampled) places.insert(round);
    }
    EXPECT_EQ(std::ranges::count_if(order, &PlannedWindow::sampled), 5);
  }
  EXPECT_EQ(places.size(), 4U);
}

TEST(RequestJson, reads_back_what_it_wrote) {
  auto request = request_for({"mutex", "condvar"});
  request.window_s = 0.02;
  request.pinning = {Pinning::scatter, Pinning::per_node, Pinning::on({4, 0})};

  request.precision = 0.05;
  request.budget_s = 90;
  request.seed = ~std::uint64_t{0};
  EXPECT_EQ(request_from_json(nlohmann::json::parse(to_json(request).dump())), request);
  EXPECT_THROW((void)request_from_json(nlohmann::json::object()), Error);
}

TEST(BlockTaskJson, reads_back_what_it_wrote) {
  auto request = request_for({"mutex"});
  request.pinning = {Pinning::on({1, 0})};
  const auto plan = make_plan(request, 2);
  const BlockTask task{.run_id = "run",
                       .machine_kind = "kind",
                       .machine = "kind-0123",
                       .block = plan.blocks[0],
                       .process = 3,
                       .windows = 7,
                       .seed = ~std::uint64_t{0},
                       .cpus = {1, 0},
                       .memory_nodes = {0, 1},
                       .cpu_kinds = 2,
                       .unfit = "why"};
  const auto copy = block_task_from_json(nlohmann::json::parse(to_json(task).dump()));
  EXPECT_EQ(to_json(copy), to_json(task));
  EXPECT_EQ(copy.seed, task.seed);
  EXPECT_EQ(copy.block.point, task.block.point);
  EXPECT_EQ(copy.memory_nodes, task.memory_nodes);
  EXPECT_EQ(copy.machine, task.machine);
  EXPECT_EQ(copy.cpu_kinds, 2U);
}

}  // namespace
}  // namespace lockbench
