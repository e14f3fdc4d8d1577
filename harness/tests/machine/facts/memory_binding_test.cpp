#include <gtest/gtest.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <future>
#include <thread>

#include "harness/machine/facts/topology.hpp"

namespace lockbench {
namespace {

using Ints = std::vector<int>;

/// Two nodes, of CPUs 0 1 and 2 3.
Topology two_nodes() {
  Topology topology;
  for (int cpu = 0; cpu < 4; ++cpu) {
    topology.cpus.push_back({.os_index = cpu, .core = cpu, .numa = cpu / 2});
  }
  return topology;
}

/// What the kernel holds for the calling thread.
struct Policy {
  int mode = -1;
  int nodes = 0;
  bool operator==(const Policy&) const = default;
};

Policy policy_of_this_thread() {
  std::array<unsigned long, 64> mask{};
  Policy policy;
  if (syscall(SYS_get_mempolicy, &policy.mode, mask.data(), mask.size() * 8 * sizeof mask[0],
              nullptr, 0) != 0) {
    return {};
  }
  for (const auto word : mask) policy.nodes += std::popcount(word);
  return policy;
}

/// Makes hwloc tell of an invented machine while it lives.
class InventedMachine {
public:
  explicit InventedMachine(const char* description, bool claims_to_be_this = false) {
    setenv("HWLOC_SYNTHETIC", description, 1);
    if (claims_to_be_this) setenv("HWLOC_THISSYSTEM", "1", 1);
  }
  InventedMachine(const InventedMachine&) = delete;
  InventedMachine& operator=(const InventedMachine&) = delete;
  ~InventedMachine() {
    unsetenv("HWLOC_SYNTHETIC");
    unsetenv("HWLOC_THISSYSTEM");
  }
};

/// On a thread of its own, so that no test leaves a policy to the next.
template <class Action>
auto on_a_new_thread(Action action) {
  return std::async(std::launch::async, action).get();
}

TEST(MemoryNodes, are_those_of_the_teams_cpus_each_once) {
  EXPECT_EQ(memory_nodes(two_nodes(), {1, 0, 1}), Ints{0});
  EXPECT_EQ(memory_nodes(two_nodes(), {3}), Ints{1});
  EXPECT_EQ(memory_nodes(two_nodes(), {2, 0, 3}), (Ints{0, 1}));
}

TEST(MemoryNodes, of_a_team_that_is_not_pinned_or_of_unknown_cpus_are_none) {
  EXPECT_EQ(memory_nodes(two_nodes(), {}), Ints{});
  EXPECT_EQ(memory_nodes(two_nodes(), {0, 9}), Ints{});
  Topology unreadable = two_nodes();
  unreadable.unreadable = "why";  // its nodes are placeholders
  EXPECT_EQ(memory_nodes(unreadable, {0}), Ints{});
}

TEST(MemoryNodes, follow_from_the_placement) {
  const auto nodes = [](const Pinning& pinning, std::uint32_t threads) {
    return memory_nodes(two_nodes(), placement(two_nodes(), pinning, threads));
  };
  EXPECT_EQ(nodes(Pinning::none, 4), Ints{});
  EXPECT_EQ(nodes(Pinning::compact, 2), Ints{0});
  EXPECT_EQ(nodes(Pinning::compact, 3), (Ints{0, 1}));
  EXPECT_EQ(nodes(Pinning::per_node, 2), (Ints{0, 1}));
  EXPECT_EQ(nodes(Pinning::same_cpu, 8), Ints{0});
  EXPECT_EQ(nodes(Pinning::on({3, 2}), 8), Ints{1});
}

TEST(MemoryPolicy, is_named_after_its_nodes) {
  EXPECT_EQ(memory_policy({}), "default");
  EXPECT_EQ(memory_policy({1}), "node:1");
  EXPECT_EQ(memory_policy({0, 1, 3}), "interleave:0+1+3");
}

TEST(BindMemory, without_nodes_changes_nothing) {
  const auto before = policy_of_this_thread();
  EXPECT_EQ(bind_memory({}), "default");
  EXPECT_EQ(policy_of_this_thread(), before);
}

TEST(BindMemory, to_one_node_is_what_the_kernel_then_holds_for_this_thread_alone) {
  const auto [said, held, elsewhere] = on_a_new_thread([] {
    std::promise<void> bound;
    auto other = std::async(std::launch::async, [&] {  // is there before the call
      bound.get_future().wait();
      return policy_of_this_thread();
    });
    const auto text = bind_memory({0});
    bound.set_value();
    return std::tuple(text, policy_of_this_thread(), other.get());
  });
  if (said.starts_with("unbound: ")) GTEST_SKIP() << said;
  EXPECT_EQ(said, "node:0");
  EXPECT_EQ(held, (Policy{MPOL_BIND, 1}));
  EXPECT_EQ(elsewhere.mode, policy_of_this_thread().mode);
}

TEST(BindMemory, to_several_nodes_takes_turns_over_them) {
  const auto nodes =
      memory_nodes(read_topology(), placement(read_topology(), Pinning::per_node, 2));
  if (nodes.size() < 2) GTEST_SKIP() << "the usable CPUs are on one NUMA node";
  const auto [said, held] =
      on_a_new_thread([&] { return std::pair(bind_memory(nodes), policy_of_this_thread()); });
  if (said.starts_with("unbound: ")) GTEST_SKIP() << said;
  EXPECT_EQ(said, memory_policy(nodes));
  EXPECT_EQ(held, (Policy{MPOL_INTERLEAVE, 2}));
}

TEST(BindMemory, that_fails_says_why_and_changes_nothing) {
  const auto before = policy_of_this_thread();
  EXPECT_EQ(bind_memory({9999}), "unbound: there is no NUMA node 9999");
  {
    const InventedMachine invented("numa:2 pu:1");
    EXPECT_EQ(bind_memory({0, 1}), "unbound: hwloc describes another machine");
  }
  {
    const InventedMachine invented("numa:64 pu:1", true);  // the kernel knows better
    EXPECT_TRUE(bind_memory({63}).starts_with("unbound: ")) << bind_memory({63});
  }
  EXPECT_EQ(policy_of_this_thread(), before);
}

}  // namespace
}  // namespace lockbench
