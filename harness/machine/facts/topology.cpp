#include "harness/machine/facts/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/base/errors.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {
namespace {

using Cpus = std::vector<Cpu>;

/// A CPU, and which hardware thread of its core it is: 0 for the first in the list.
struct Ranked {
  Cpu cpu;
  int rank = 0;
};

std::vector<Ranked> with_ranks(const Cpus& cpus) {
  std::map<int, int> seen;
  std::vector<Ranked> ranked;
  for (const Cpu& cpu : cpus) ranked.push_back({cpu, seen[cpu.core]++});
  return ranked;
}

/// The CPUs in ascending order of `key(ranked)`.
Cpus sorted_by(const Cpus& cpus, auto&& key) {
  auto ranked = with_ranks(cpus);
  std::ranges::stable_sort(ranked, {}, key);
  Cpus sorted;
  std::ranges::transform(ranked, std::back_inserter(sorted), &Ranked::cpu);
  return sorted;
}

Cpus in_compact_order(const Cpus& cpus) {
  return sorted_by(cpus, [](const Ranked& at) {
    return std::tuple(at.cpu.package, at.cpu.numa, at.cpu.l3, at.rank, at.cpu.core);
  });
}

/// One from each group in turn, in the order of `number`; within a group in the order of `cpus`.
Cpus taken_in_turns(const Cpus& cpus, int Cpu::*number) {
  std::map<int, int> taken;
  std::map<std::pair<int, int>, Cpu> by_turn;
  for (const Cpu& cpu : cpus) by_turn[{taken[cpu.*number]++, cpu.*number}] = cpu;
  Cpus ordered;
  for (const auto& [turn, cpu] : by_turn) ordered.push_back(cpu);
  return ordered;
}

Cpus in_scatter_order(const Cpus& cpus) {
  std::map<int, Cpus> ranks;
  for (const auto& [cpu, rank] : with_ranks(cpus)) ranks[rank].push_back(cpu);
  Cpus ordered;
  for (auto& [rank, group] : ranks) {
    // The last level decides who comes next; those before it decide within its groups.
    for (const auto level : {&Cpu::core, &Cpu::l3, &Cpu::numa, &Cpu::package}) {
      group = taken_in_turns(group, level);
    }
    std::ranges::copy(group, std::back_inserter(ordered));
  }
  return ordered;
}

/// Puts the two hardware threads of a core next to each other, and CPUs without a partner behind
/// all pairs.
Cpus in_pairs(const Cpus& cpus) {
  std::map<int, int> threads_of_core;
  for (const Cpu& cpu : cpus) ++threads_of_core[cpu.core];
  return sorted_by(cpus, [&](const Ranked& at) {
    const bool alone = at.rank % 2 == 0 && at.rank + 1 == threads_of_core[at.cpu.core];
    return std::tuple(alone, at.cpu.package, at.cpu.numa, at.cpu.l3, at.rank / 2, at.cpu.core,
                      at.rank);
  });
}

std::vector<int> indices(const Cpus& cpus) {
  std::vector<int> list;
  std::ranges::transform(cpus, std::back_inserter(list), &Cpu::os_index);
  return list;
}

/// OS indices in the order in which threads take them; empty where none are prescribed.
std::vector<int> cpus_in_order(const Cpus& cpus, const Pinning& pinning) {
  switch (pinning.rule()) {
    case Pinning::none: return {};
    case Pinning::compact: return indices(in_compact_order(cpus));
    case Pinning::scatter: return indices(in_scatter_order(cpus));
    case Pinning::same_cpu: return {in_compact_order(cpus).front().os_index};
    case Pinning::smt_pairs: return indices(in_pairs(cpus));
    case Pinning::per_node: return indices(taken_in_turns(in_compact_order(cpus), &Cpu::numa));
    case Pinning::listed: return {pinning.cpus().begin(), pinning.cpus().end()};
  }
  return {};
}

/// The list over and over, until it has that many entries.
std::vector<int> repeated(const std::vector<int>& list, std::size_t entries) {
  std::vector<int> all(entries);
  for (std::size_t i = 0; i < entries; ++i) all[i] = list[i % list.size()];
  return all;
}

/// Length of the shortest beginning of `map` that gives all of it when repeated.
std::size_t cycle_of(const std::vector<int>& map) {
  std::size_t length = 1;
  const auto repeats = [&] {
    return std::equal(map.begin() + static_cast<std::ptrdiff_t>(length), map.end(), map.begin());
  };
  while (length < map.size() && !repeats()) ++length;
  return length;
}

}  // namespace

double usable_cpus(const Topology& topology) {
  const auto cpus = static_cast<double>(topology.cpus.size());
  return std::min(cpus, topology.quota_cpus.value_or(cpus));
}

std::string usable_cpu_list(const Topology& topology) {
  return format_cpu_list(indices(topology.cpus));
}

bool has_smt(const Topology& topology) {
  return count_distinct(topology, &Cpu::core) < topology.cpus.size();
}

std::size_t count_distinct(const Topology& topology, int Cpu::*number) {
  std::set<int> seen;
  for (const Cpu& cpu : topology.cpus) seen.insert(cpu.*number);
  return seen.size();
}

std::set<int> kinds_of(const Topology& topology, const std::vector<int>& cpus) {
  std::set<int> kinds;
  for (const Cpu& cpu : topology.cpus) {
    if (cpus.empty() || std::ranges::count(cpus, cpu.os_index) > 0) kinds.insert(cpu.kind);
  }
  return kinds;
}

std::vector<int> placement(const Topology& topology, const Pinning& pinning,
                           std::uint32_t threads) {
  if (topology.cpus.empty()) return {};
  auto order = cpus_in_order(topology.cpus, pinning);
  if (order.empty() || pinning == Pinning::same_cpu) return order;
  return repeated(order, threads);
}

void refuse_unusable(const Topology& topology, const Pinning& pinning) {
  for (const auto cpu : pinning.cpus()) {
    if (std::ranges::count(topology.cpus, static_cast<int>(cpu), &Cpu::os_index) > 0) continue;
    throw usage_error(
        fmt::format("--cpus: this process may not use CPU {}; allowed: {}", cpu,
                    topology.cpus.empty() ? "none is known" : usable_cpu_list(topology)));
  }
}

std::string same_as_compact(const Topology& topology, const Pinning& pinning) {
  if (pinning == Pinning::smt_pairs && !has_smt(topology)) {
    return "no two usable CPUs are hardware threads of one core";
  }
  if (pinning == Pinning::per_node && count_distinct(topology, &Cpu::numa) < 2) {
    return "the usable CPUs are on one NUMA node";
  }
  return {};
}

std::string cpu_map(const std::vector<int>& cpus, std::uint32_t threads) {
  constexpr std::size_t most_in_full = 64;
  if (cpus.empty()) return {};
  auto map = repeated(cpus, threads);
  if (map.size() > most_in_full) map.resize(cycle_of(map));
  return fmt::format("{}", fmt::join(map, "+"));
}

std::vector<int> memory_nodes(const Topology& topology, const std::vector<int>& cpus) {
  if (!topology.unreadable.empty()) return {};
  std::set<int> nodes;
  for (const int index : cpus) {
    const auto cpu = std::ranges::find(topology.cpus, index, &Cpu::os_index);
    if (cpu == topology.cpus.end()) return {};
    nodes.insert(cpu->numa);
  }
  return {nodes.begin(), nodes.end()};
}

std::string memory_policy(const std::vector<int>& nodes) {
  if (nodes.empty()) return "default";
  return fmt::format("{}:{}", nodes.size() == 1 ? "node" : "interleave", fmt::join(nodes, "+"));
}

}  // namespace lockbench
