#pragma once

/// Memory on the nodes of the team that uses it: a queue that lies on a node where no thread runs
/// would be measured by its distance.

#include <string>
#include <vector>

#include "harness/machine/facts/topology.hpp"

namespace lockbench {

/// NUMA nodes (numbered as `Cpu::numa`) of the CPUs that a team runs on, ascending. Empty: memory
/// is to be left to the system, since the team is not pinned or its nodes are not known.
[[nodiscard]] std::vector<int> memory_nodes(const Topology& topology, const std::vector<int>& cpus);

/// How rows name the policy for these nodes: `default`, `node:0`, `interleave:0+1`.
[[nodiscard]] std::string memory_policy(const std::vector<int>& nodes);

/// From now on, pages that the calling thread touches first come from these nodes: from the one, or
/// from several in turn, and from no other. Threads that exist already keep their own policy. Says
/// what is in force: `memory_policy(nodes)`, or `unbound: ` and why not; never throws.
[[nodiscard]] std::string bind_memory(const std::vector<int>& nodes);

}  // namespace lockbench
