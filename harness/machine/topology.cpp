#include "harness/machine/topology.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace lockbench {
namespace {

using Cpus = std::vector<Cpu>;

/// Which hardware thread of its core each CPU is: 0 for the first in the list.
std::vector<int> smt_ranks(const Cpus& cpus) {
  std::map<int, int> seen;
  std::vector<int> ranks;
  ranks.reserve(cpus.size());
  for (const Cpu& cpu : cpus) ranks.push_back(seen[cpu.core]++);
  return ranks;
}

Cpus with_rank(const Cpus& cpus, const std::vector<int>& ranks, int rank) {
  Cpus chosen;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    if (ranks[i] == rank) chosen.push_back(cpus[i]);
  }
  return chosen;
}

Cpus in_compact_order(const Cpus& cpus) {
  const auto ranks = smt_ranks(cpus);
  std::vector<std::size_t> order(cpus.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    return std::tuple(cpus[i].package, cpus[i].numa, cpus[i].l3, ranks[i], cpus[i].core);
  });
  Cpus ordered;
  for (const std::size_t i : order) ordered.push_back(cpus[i]);
  return ordered;
}

using Level = int Cpu::*;

/// One from each group in turn; within a group, the same over the next finer level.
Cpus taken_in_turns(const Cpus& cpus, const Level* level, const Level* end) {
  if (level == end) return cpus;
  std::map<int, Cpus> groups;
  for (const Cpu& cpu : cpus) groups[cpu.**level].push_back(cpu);
  std::size_t longest = 0;
  for (auto& [key, group] : groups) {
    group = taken_in_turns(group, level + 1, end);
    longest = std::max(longest, group.size());
  }
  Cpus ordered;
  for (std::size_t turn = 0; turn < longest; ++turn) {
    for (const auto& [key, group] : groups) {
      if (turn < group.size()) ordered.push_back(group[turn]);
    }
  }
  return ordered;
}

Cpus in_scatter_order(const Cpus& cpus) {
  static constexpr Level levels[] = {&Cpu::package, &Cpu::numa, &Cpu::l3, &Cpu::core};
  const auto ranks = smt_ranks(cpus);
  Cpus ordered;
  for (int rank = 0; ordered.size() < cpus.size(); ++rank) {
    for (const Cpu& cpu :
         taken_in_turns(with_rank(cpus, ranks, rank), std::begin(levels), std::end(levels))) {
      ordered.push_back(cpu);
    }
  }
  return ordered;
}

std::size_t count_distinct(const Cpus& cpus, Level level) {
  std::set<int> seen;
  for (const Cpu& cpu : cpus) seen.insert(cpu.*level);
  return seen.size();
}

}  // namespace

double usable_cpus(const Topology& topology) {
  const auto cpus = static_cast<double>(topology.cpus.size());
  return topology.quota_cpus.known() ? std::min(cpus, topology.quota_cpus.value()) : cpus;
}

bool has_smt(const Topology& topology) {
  return count_cores(topology) < topology.cpus.size();
}

std::size_t count_cores(const Topology& topology) {
  return count_distinct(topology.cpus, &Cpu::core);
}
std::size_t count_l3(const Topology& topology) {
  return count_distinct(topology.cpus, &Cpu::l3);
}
std::size_t count_packages(const Topology& topology) {
  return count_distinct(topology.cpus, &Cpu::package);
}
std::size_t count_numa_nodes(const Topology& topology) {
  return count_distinct(topology.cpus, &Cpu::numa);
}

std::vector<int> placement(const Topology& topology, Pinning pinning, std::uint32_t threads) {
  if (pinning == Pinning::none || topology.cpus.empty()) return {};
  if (pinning == Pinning::same_cpu) return {in_compact_order(topology.cpus).front().os_index};
  const Cpus order = pinning == Pinning::compact ? in_compact_order(topology.cpus)
                                                 : in_scatter_order(topology.cpus);
  std::vector<int> placed;
  placed.reserve(threads);
  for (std::size_t thread = 0; thread < threads; ++thread) {
    placed.push_back(order[thread % order.size()].os_index);
  }
  return placed;
}

}  // namespace lockbench
