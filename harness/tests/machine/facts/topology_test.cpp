#include "harness/machine/facts/topology.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "harness/base/errors.hpp"

namespace lockbench {
namespace {

using Ints = std::vector<int>;

/// `packages` × `l3s` each × `cores` each × `smt` threads each, numbered as Linux does: first
/// threads of all cores, then their siblings.
Topology invented(int packages, int l3s, int cores, int smt) {
  Topology topology;
  const int all_cores = packages * l3s * cores;
  for (int core = 0; core < all_cores; ++core) {
    for (int thread = 0; thread < smt; ++thread) {
      topology.cpus.push_back({.os_index = thread * all_cores + core,
                               .core = core,
                               .l3 = core / cores,
                               .package = core / (cores * l3s),
                               .numa = core / (cores * l3s)});
    }
  }
  topology.quota_cpus = std::numeric_limits<double>::infinity();
  return topology;
}

TEST(Placement, without_pinning_or_without_cpus_nobody_is_placed) {
  EXPECT_TRUE(placement(invented(1, 1, 4, 1), Pinning::none, 4).empty());
  EXPECT_TRUE(placement(Topology{}, Pinning::compact, 4).empty());
  EXPECT_TRUE(placement(invented(1, 1, 4, 1), Pinning::compact, 0).empty());
}

TEST(Placement, compact_fills_one_cache_before_the_next) {
  EXPECT_EQ(placement(invented(1, 2, 2, 1), Pinning::compact, 4), (Ints{0, 1, 2, 3}));
}

TEST(Placement, compact_uses_every_core_of_a_cache_before_any_sibling) {
  // Cores 0 and 1 share a cache; 4 and 5 are their siblings.
  EXPECT_EQ(placement(invented(1, 2, 2, 2), Pinning::compact, 8), (Ints{0, 1, 4, 5, 2, 3, 6, 7}));
}

TEST(Placement, scatter_takes_turns_over_packages_then_caches) {
  // Packages {0..3} and {4..7}; caches {0,1} {2,3} {4,5} {6,7}.
  EXPECT_EQ(placement(invented(2, 2, 2, 1), Pinning::scatter, 8), (Ints{0, 4, 2, 6, 1, 5, 3, 7}));
}

TEST(Placement, scatter_uses_siblings_last) {
  EXPECT_EQ(placement(invented(1, 1, 2, 2), Pinning::scatter, 4), (Ints{0, 1, 2, 3}));
}

TEST(Placement, scatter_uses_siblings_last_even_when_packages_differ_in_size) {
  Topology uneven;
  uneven.cpus = {{.os_index = 0, .core = 0, .l3 = 0, .package = 0, .numa = 0},
                 {.os_index = 1, .core = 1, .l3 = 0, .package = 0, .numa = 0},
                 {.os_index = 2, .core = 2, .l3 = 0, .package = 0, .numa = 0},
                 {.os_index = 3, .core = 3, .l3 = 1, .package = 1, .numa = 1},
                 {.os_index = 4, .core = 3, .l3 = 1, .package = 1, .numa = 1}};
  EXPECT_EQ(placement(uneven, Pinning::scatter, 5), (Ints{0, 3, 1, 2, 4}));
}

TEST(Placement, smt_pairs_puts_each_two_threads_on_one_core) {
  // Cores 0 … 3, whose siblings are 4 … 7.
  EXPECT_EQ(placement(invented(1, 2, 2, 2), Pinning::smt_pairs, 8), (Ints{0, 4, 1, 5, 2, 6, 3, 7}));
  EXPECT_EQ(placement(invented(2, 1, 1, 2), Pinning::smt_pairs, 6), (Ints{0, 2, 1, 3, 0, 2}));
}

TEST(Placement, smt_pairs_uses_two_threads_of_every_core_before_the_others_of_wider_ones) {
  // Four hardware threads a core: core 0 has 0 2 4 6, core 1 has 1 3 5 7.
  EXPECT_EQ(placement(invented(1, 1, 2, 4), Pinning::smt_pairs, 8), (Ints{0, 2, 1, 3, 4, 6, 5, 7}));
}

TEST(Placement, smt_pairs_tears_no_pair_apart_where_some_cores_have_one_thread) {
  Topology uneven;
  uneven.cpus = {{.os_index = 0, .core = 0},
                 {.os_index = 1, .core = 1},
                 {.os_index = 2, .core = 1},
                 {.os_index = 3, .core = 2},
                 {.os_index = 4, .core = 2}};
  EXPECT_EQ(placement(uneven, Pinning::smt_pairs, 5), (Ints{1, 2, 3, 4, 0}));
}

TEST(Placement, smt_pairs_without_smt_is_compact_and_says_so) {
  const Topology plain = invented(2, 2, 2, 1);
  EXPECT_EQ(placement(plain, Pinning::smt_pairs, 8), placement(plain, Pinning::compact, 8));
  EXPECT_NE(same_as_compact(plain, Pinning::smt_pairs), "");
  EXPECT_EQ(same_as_compact(invented(1, 1, 1, 2), Pinning::smt_pairs), "");
}

TEST(Placement, per_node_deals_threads_to_the_nodes_in_turn) {
  // Nodes {0..3} and {4..7}, and with siblings {0..3,8..11} and {4..7,12..15}.
  EXPECT_EQ(placement(invented(2, 2, 2, 1), Pinning::per_node, 8), (Ints{0, 4, 1, 5, 2, 6, 3, 7}));
  EXPECT_EQ(placement(invented(2, 2, 2, 2), Pinning::per_node, 10),
            (Ints{0, 4, 1, 5, 8, 12, 9, 13, 2, 6}));
  EXPECT_EQ(placement(invented(2, 1, 1, 1), Pinning::per_node, 5), (Ints{0, 1, 0, 1, 0}));
}

TEST(Placement, per_node_shares_no_cpu_while_a_larger_node_has_free_ones) {
  Topology uneven;
  uneven.cpus = {{.os_index = 0, .core = 0, .numa = 0},
                 {.os_index = 1, .core = 1, .numa = 1},
                 {.os_index = 2, .core = 2, .numa = 1},
                 {.os_index = 3, .core = 3, .numa = 1}};
  EXPECT_EQ(placement(uneven, Pinning::per_node, 5), (Ints{0, 1, 2, 3, 0}));
}

TEST(Placement, per_node_on_one_node_is_compact_and_says_so) {
  const Topology one = invented(1, 2, 2, 2);
  EXPECT_EQ(placement(one, Pinning::per_node, 8), placement(one, Pinning::compact, 8));
  EXPECT_NE(same_as_compact(one, Pinning::per_node), "");
  EXPECT_EQ(same_as_compact(invented(2, 1, 1, 1), Pinning::per_node), "");
  for (const Pinning::Rule rule : {Pinning::none, Pinning::compact, Pinning::scatter}) {
    EXPECT_EQ(same_as_compact(one, rule), "");
  }
}

TEST(Placement, a_list_is_taken_as_it_is_and_again_from_its_start) {
  const Topology topology = invented(1, 2, 2, 2);
  EXPECT_EQ(placement(topology, Pinning::on({6, 0, 3}), 5), (Ints{6, 0, 3, 6, 0}));
  EXPECT_EQ(placement(topology, Pinning::on({6, 0, 3}), 2), (Ints{6, 0}));
  EXPECT_EQ(placement(topology, Pinning::on({2, 2, 1}), 3), (Ints{2, 2, 1}));
}

TEST(Placement, a_listed_cpu_that_may_not_be_used_is_named_with_those_that_may) {
  const Topology topology = invented(1, 1, 4, 1);
  refuse_unusable(topology, Pinning::on({3, 0}));
  refuse_unusable(topology, Pinning::compact);
  try {
    refuse_unusable(topology, Pinning::on({0, 7}));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_STREQ(error.what(), "--cpus: this process may not use CPU 7; allowed: 0-3");
  }
}

TEST(CpuMap, names_the_cpu_of_every_thread) {
  EXPECT_EQ(cpu_map({}, 4), "");
  EXPECT_EQ(cpu_map({0, 1, 0, 1}, 4), "0+1+0+1");
  EXPECT_EQ(cpu_map({3}, 3), "3+3+3");  // `same_cpu` names its CPU once
}

TEST(CpuMap, of_more_than_64_threads_is_the_shortest_cycle) {
  EXPECT_EQ(cpu_map({5, 3}, 65), "5+3");
  EXPECT_EQ(cpu_map({5}, 1000), "5");
  EXPECT_EQ(cpu_map({5, 5, 3}, 100), "5+5+3");
  Ints all(100);
  for (int i = 0; i < 100; ++i) all[static_cast<std::size_t>(i)] = i;
  EXPECT_TRUE(cpu_map(all, 100).ends_with("+98+99"));  // nothing repeats, so nothing is left out
  EXPECT_EQ(cpu_map(all, 150), cpu_map(all, 100));
}

TEST(Placement, an_oversubscribed_team_wraps_around) {
  EXPECT_EQ(placement(invented(1, 1, 2, 1), Pinning::compact, 5), (Ints{0, 1, 0, 1, 0}));
}

TEST(Placement, holes_in_the_cpu_numbers_are_kept) {
  Topology holes;
  holes.cpus = {{.os_index = 3, .core = 3}, {.os_index = 9, .core = 9}};
  EXPECT_EQ(placement(holes, Pinning::compact, 2), (Ints{3, 9}));
  EXPECT_EQ(placement(holes, Pinning::scatter, 2), (Ints{3, 9}));
}

TEST(Placement, every_cpu_is_used_once_before_any_is_used_twice) {
  for (const auto& topology : {invented(2, 3, 4, 2), invented(1, 1, 1, 2), invented(4, 1, 3, 1)}) {
    for (const Pinning::Rule pinning :
         {Pinning::compact, Pinning::scatter, Pinning::smt_pairs, Pinning::per_node}) {
      const auto cpus = topology.cpus.size();
      const Ints placed = placement(topology, pinning, static_cast<std::uint32_t>(cpus));
      EXPECT_EQ(std::set<int>(placed.begin(), placed.end()).size(), cpus);
    }
  }
}

TEST(Topology, a_team_is_on_the_kinds_of_its_cpus_and_on_all_where_it_is_not_pinned) {
  Topology hybrid = invented(1, 1, 4, 1);
  EXPECT_EQ(kinds_of(hybrid, {0, 1}).size(), 1U) << "unknown kinds are not several";
  for (Cpu& cpu : hybrid.cpus) cpu.kind = cpu.os_index < 1 ? 1 : 0;
  EXPECT_EQ(kinds_of(hybrid, {0}), std::set{1});
  EXPECT_EQ(kinds_of(hybrid, {1, 2}), std::set{0});
  EXPECT_EQ(kinds_of(hybrid, {0, 1}), (std::set{0, 1}));
  EXPECT_EQ(kinds_of(hybrid, {}), (std::set{0, 1}));
}

TEST(Topology, counts_what_is_shared) {
  const Topology topology = invented(2, 2, 4, 2);
  EXPECT_EQ(topology.cpus.size(), 32U);
  EXPECT_EQ(count_distinct(topology, &Cpu::core), 16U);
  EXPECT_EQ(count_distinct(topology, &Cpu::l3), 4U);
  EXPECT_EQ(count_distinct(topology, &Cpu::package), 2U);
  EXPECT_EQ(count_distinct(topology, &Cpu::numa), 2U);
  EXPECT_TRUE(has_smt(topology));
  EXPECT_FALSE(has_smt(invented(1, 1, 4, 1)));
}

TEST(Topology, a_quota_below_the_cpu_count_limits_what_is_usable) {
  Topology topology = invented(1, 1, 4, 1);
  EXPECT_EQ(usable_cpus(topology), 4);
  topology.quota_cpus = 1.5;
  EXPECT_EQ(usable_cpus(topology), 1.5);
  topology.quota_cpus = Unknown{"no cgroups"};
  EXPECT_EQ(usable_cpus(topology), 4);
}

TEST(Topology, this_machine_has_at_least_one_usable_cpu_and_each_once) {
  const Topology topology = read_topology();
  ASSERT_FALSE(topology.cpus.empty());
  std::set<int> seen;
  for (const Cpu& cpu : topology.cpus) EXPECT_TRUE(seen.insert(cpu.os_index).second);
  EXPECT_GT(usable_cpus(topology), 0);
}

}  // namespace
}  // namespace lockbench
