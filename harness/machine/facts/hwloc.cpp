#include <fmt/format.h>
#include <hwloc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>

#include "harness/base/thread_affinity.hpp"
#include "harness/machine/facts/cgroup.hpp"
#include "harness/machine/facts/reachable_cpus.hpp"
#include "harness/machine/facts/topology.hpp"

namespace lockbench {
namespace {

/// Those of `cpus` that the control group allows.
std::vector<int> within_cpuset(const std::vector<int>& cpus) {
  std::vector<int> both;
  std::ranges::set_intersection(cpus, read_cpuset().value_or(cpus), std::back_inserter(both));
  // The kernel keeps the affinity within the cpuset; where the two exclude each other, the group
  // files belong to something else and the affinity is right.
  return both.empty() ? cpus : both;
}

using Tree = std::unique_ptr<hwloc_topology, decltype(&hwloc_topology_destroy)>;
using Bitmap = std::unique_ptr<hwloc_bitmap_s, decltype(&hwloc_bitmap_free)>;

/// What hwloc sees of this machine; null where it sees nothing. `configure` says what to look for.
Tree load_tree(void (*configure)(hwloc_topology_t)) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return {nullptr, hwloc_topology_destroy};
  Tree tree(raw, hwloc_topology_destroy);
  // Tests invent machines by this variable; hwloc's own are dropped with all that steers a run.
  // A path is that of a file of hwloc's, which can tell kinds of CPUs apart.
  const char* const invented = std::getenv("LOCKBENCH_TOPOLOGY");
  int told = 0;
  if (invented != nullptr) {
    told = *invented == '/' ? hwloc_topology_set_xml(raw, invented)
                            : hwloc_topology_set_synthetic(raw, invented);
  }
  configure(raw);
  if (told != 0 || hwloc_topology_load(raw) != 0) tree.reset();
  return tree;
}

/// CPUs and nodes only, as the kernel lists them: a look at every CPU by running there, which hwloc
/// does for caches, takes long and would be noise in a process that is about to measure.
void keep_nodes_only(hwloc_topology_t tree) {
  hwloc_topology_set_all_types_filter(tree, HWLOC_TYPE_FILTER_KEEP_NONE);
  hwloc_topology_set_components(tree, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
}

int logical_ancestor(hwloc_topology_t tree, hwloc_obj_type_t type, hwloc_obj_t pu, int otherwise) {
  const hwloc_obj_t found = hwloc_get_ancestor_obj_by_type(tree, type, pu);
  return found == nullptr ? otherwise : static_cast<int>(found->logical_index);
}

Cpu describe(hwloc_topology_t tree, hwloc_obj_t pu) {
  Cpu cpu;
  cpu.os_index = static_cast<int>(pu->os_index);
  cpu.package = logical_ancestor(tree, HWLOC_OBJ_PACKAGE, pu, 0);
  cpu.core = logical_ancestor(tree, HWLOC_OBJ_CORE, pu, static_cast<int>(pu->logical_index));
  // Without an L3, CPUs of one package are taken as equally near.
  cpu.l3 = logical_ancestor(tree, HWLOC_OBJ_L3CACHE, pu, cpu.package);
  const hwloc_obj_t node =
      hwloc_get_next_obj_covering_cpuset_by_type(tree, pu->cpuset, HWLOC_OBJ_NUMANODE, nullptr);
  if (node != nullptr) cpu.numa = static_cast<int>(node->logical_index);
  cpu.kind = hwloc_cpukinds_get_by_cpuset(tree, pu->cpuset, 0);
  return cpu;
}

std::vector<CacheLevel> describe_caches(hwloc_topology_t tree) {
  std::vector<CacheLevel> caches;
  for (const hwloc_obj_type_t type :
       {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE}) {
    const hwloc_obj_t first = hwloc_get_next_obj_by_type(tree, type, nullptr);
    if (first == nullptr || first->attr == nullptr) continue;
    char name[32] = {};
    hwloc_obj_type_snprintf(name, sizeof name, first, 0);
    caches.push_back({name, first->attr->cache.size, first->attr->cache.linesize,
                      static_cast<std::uint32_t>(hwloc_get_nbobjs_by_type(tree, type))});
  }
  return caches;
}

/// Kinds of the usable CPUs. hwloc reads core types, capacities and clock rates of the kernel.
Probed<std::vector<CpuKind>> describe_kinds(hwloc_topology_t tree, const std::vector<Cpu>& cpus) {
  std::vector<CpuKind> kinds;
  const int number = hwloc_cpukinds_get_nr(tree, 0);
  for (int kind = 0; kind < number; ++kind) {
    CpuKind found{.kind = kind, .cpus = {}};
    for (const Cpu& cpu : cpus) {
      if (cpu.kind == kind) found.cpus.push_back(cpu.os_index);
    }
    unsigned traits = 0;
    hwloc_info_s* trait = nullptr;
    if (found.cpus.empty() || hwloc_cpukinds_get_info(tree, static_cast<unsigned>(kind), nullptr,
                                                      nullptr, &traits, &trait, 0) != 0) {
      continue;
    }
    for (; traits > 0; --traits, ++trait) found.traits[trait->name] = trait->value;
    std::ranges::sort(found.cpus);
    kinds.push_back(std::move(found));
  }
  if (!kinds.empty()) return kinds;
  return Unknown{"the kernel shows neither core types nor capacities nor clock rates of CPUs"};
}

/// Every CPU its own core, which is all that the affinity alone tells, and why no more is known.
Topology flat(Topology topology, const std::vector<int>& usable, std::string reason) {
  topology.cpus.clear();
  for (const int index : usable) topology.cpus.push_back({.os_index = index, .core = index});
  topology.kinds = Unknown{reason};
  topology.unreadable = std::move(reason);
  return topology;
}

Topology topology_of(const std::vector<int>& usable) {
  Topology topology;
  topology.quota_cpus = read_cpu_quota();
  const Tree tree = load_tree([](hwloc_topology_t) {});
  if (!tree) return flat(topology, usable, "hwloc could not read the topology");
  for (const int index : usable) {
    const hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(tree.get(), static_cast<unsigned>(index));
    if (pu != nullptr) topology.cpus.push_back(describe(tree.get(), pu));
  }
  if (topology.cpus.size() < usable.size()) {
    return flat(topology, usable, "hwloc does not know every CPU that the process may use");
  }
  std::ranges::sort(topology.cpus, {}, [](const Cpu& cpu) {
    return std::tuple(cpu.package, cpu.numa, cpu.l3, cpu.core, cpu.os_index);
  });
  topology.caches = describe_caches(tree.get());
  topology.kinds = describe_kinds(tree.get(), topology.cpus);
  return topology;
}

std::string unbound(std::string_view reason) {
  return fmt::format("unbound: {}", reason);
}

}  // namespace

Topology read_topology() {
  return topology_of(within_cpuset(affinity_of(getpid())));
}

Topology read_reachable_topology() {
  return topology_of(within_cpuset(reachable_by(getpid())));
}

std::string bind_memory(const std::vector<int>& nodes) {
  if (nodes.empty()) return memory_policy(nodes);
  const Tree tree = load_tree(keep_nodes_only);
  if (!tree) return unbound("hwloc could not read the topology");
  // hwloc answers "done" to any wish about a machine that it was only told of.
  if (hwloc_topology_is_thissystem(tree.get()) == 0) {
    return unbound("hwloc describes another machine");
  }
  const Bitmap set(hwloc_bitmap_alloc(), hwloc_bitmap_free);
  if (!set) return unbound("out of memory");
  for (const int node : nodes) {
    const hwloc_obj_t found =
        hwloc_get_obj_by_type(tree.get(), HWLOC_OBJ_NUMANODE, static_cast<unsigned>(node));
    if (found == nullptr) return unbound(fmt::format("there is no NUMA node {}", node));
    hwloc_bitmap_or(set.get(), set.get(), found->nodeset);
  }
  const auto policy = nodes.size() == 1 ? HWLOC_MEMBIND_BIND : HWLOC_MEMBIND_INTERLEAVE;
  // Without `strict`, a full node would silently be stood in for by another.
  constexpr int flags = HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET | HWLOC_MEMBIND_STRICT;
  if (hwloc_set_membind(tree.get(), set.get(), policy, flags) == 0) return memory_policy(nodes);
  return unbound(std::generic_category().message(errno));
}

}  // namespace lockbench
