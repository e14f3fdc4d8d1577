#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "harness/machine/topology.hpp"

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
    for (const Pinning pinning : {Pinning::compact, Pinning::scatter}) {
      const auto cpus = topology.cpus.size();
      const Ints placed = placement(topology, pinning, static_cast<std::uint32_t>(cpus));
      EXPECT_EQ(std::set<int>(placed.begin(), placed.end()).size(), cpus);
    }
  }
}

TEST(Topology, counts_what_is_shared) {
  const Topology topology = invented(2, 2, 4, 2);
  EXPECT_EQ(topology.cpus.size(), 32U);
  EXPECT_EQ(count_cores(topology), 16U);
  EXPECT_EQ(count_l3(topology), 4U);
  EXPECT_EQ(count_packages(topology), 2U);
  EXPECT_EQ(count_numa_nodes(topology), 2U);
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
