#include "harness/machine/facts/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/base/errors.hpp"
#include "harness/machine/facts/system_files.hpp"

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

/// Two hardware threads of a core next to each other, and behind all pairs those that have no
/// partner.
Cpus in_pairs(const Cpus& cpus) {
  const auto ranks = smt_ranks(cpus);
  std::map<int, int> threads_of_core;
  for (const Cpu& cpu : cpus) ++threads_of_core[cpu.core];
  std::vector<std::size_t> order(cpus.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    const Cpu& cpu = cpus[i];
    const bool alone = ranks[i] % 2 == 0 && ranks[i] + 1 == threads_of_core[cpu.core];
    return std::tuple(alone, cpu.package, cpu.numa, cpu.l3, ranks[i] / 2, cpu.core, ranks[i]);
  });
  Cpus ordered;
  for (const std::size_t i : order) ordered.push_back(cpus[i]);
  return ordered;
}

Cpus dealt_to_nodes(const Cpus& cpus) {
  static constexpr Level levels[] = {&Cpu::numa};
  return taken_in_turns(in_compact_order(cpus), std::begin(levels), std::end(levels));
}

/// OS indices in the order in which threads take them; empty where none are prescribed.
std::vector<int> cpus_in_order(const Cpus& cpus, const Pinning& pinning) {
  const auto indices = [](const Cpus& ordered) {
    std::vector<int> list;
    for (const Cpu& cpu : ordered) list.push_back(cpu.os_index);
    return list;
  };
  switch (pinning.rule()) {
    case Pinning::none: return {};
    case Pinning::compact: return indices(in_compact_order(cpus));
    case Pinning::scatter: return indices(in_scatter_order(cpus));
    case Pinning::same_cpu: return {in_compact_order(cpus).front().os_index};
    case Pinning::smt_pairs: return indices(in_pairs(cpus));
    case Pinning::per_node: return indices(dealt_to_nodes(cpus));
    case Pinning::listed: return {pinning.cpus().begin(), pinning.cpus().end()};
  }
  return {};
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

std::vector<int> placement(const Topology& topology, const Pinning& pinning,
                           std::uint32_t threads) {
  if (topology.cpus.empty()) return {};
  auto order = cpus_in_order(topology.cpus, pinning);
  if (order.empty() || pinning == Pinning::same_cpu) return order;
  std::vector<int> placed;
  placed.reserve(threads);
  for (std::size_t thread = 0; thread < threads; ++thread) {
    placed.push_back(order[thread % order.size()]);
  }
  return placed;
}

void refuse_unusable(const Topology& topology, const Pinning& pinning) {
  std::vector<int> usable;
  for (const Cpu& cpu : topology.cpus) usable.push_back(cpu.os_index);
  for (const auto cpu : pinning.cpus()) {
    if (std::ranges::find(usable, static_cast<int>(cpu)) != usable.end()) continue;
    throw usage_error(fmt::format("--cpus: this process may not use CPU {}; allowed: {}", cpu,
                                  usable.empty() ? "none is known" : format_cpu_list(usable)));
  }
}

std::string same_as_compact(const Topology& topology, const Pinning& pinning) {
  if (pinning == Pinning::smt_pairs && !has_smt(topology)) {
    return "no two usable CPUs are hardware threads of one core";
  }
  if (pinning == Pinning::per_node && count_numa_nodes(topology) < 2) {
    return "the usable CPUs are on one NUMA node";
  }
  return {};
}

std::string cpu_map(const std::vector<int>& cpus, std::uint32_t threads) {
  constexpr std::size_t most_in_full = 64;
  if (cpus.empty()) return {};
  std::vector<int> map;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    map.push_back(cpus[thread % cpus.size()]);
  }
  if (map.size() > most_in_full) map.resize(cycle_of(map));
  return fmt::format("{}", fmt::join(map, "+"));
}

}  // namespace lockbench
