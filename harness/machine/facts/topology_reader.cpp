#include <hwloc.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "harness/machine/facts/cgroup.hpp"
#include "harness/machine/facts/topology.hpp"

namespace lockbench {
namespace {

std::vector<int> read_affinity() {
  std::vector<cpu_set_t> mask(64);  // larger than any kernel's; it refuses one that is too small
  const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
  if (sched_getaffinity(getpid(), bytes, mask.data()) != 0) return {};
  std::vector<int> cpus;
  for (std::size_t cpu = 0; cpu < 8 * bytes; ++cpu) {
    if (CPU_ISSET_S(cpu, bytes, mask.data())) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

std::vector<int> read_usable(const CgroupLimits& limits) {
  std::vector<int> cpus = read_affinity();
  if (!limits.cpus.known()) return cpus;
  std::vector<int> both;
  std::ranges::set_intersection(cpus, limits.cpus.value(), std::back_inserter(both));
  // The kernel keeps the affinity within the cpuset; where the two exclude each other, the group
  // files belong to something else and the affinity is right.
  return both.empty() ? cpus : both;
}

using Tree = std::unique_ptr<hwloc_topology, decltype(&hwloc_topology_destroy)>;

Tree load_tree() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return {nullptr, hwloc_topology_destroy};
  Tree tree(raw, hwloc_topology_destroy);
  if (hwloc_topology_load(tree.get()) != 0) return {nullptr, hwloc_topology_destroy};
  return tree;
}

int logical_ancestor(hwloc_topology_t tree, hwloc_obj_type_t type, hwloc_obj_t pu, int otherwise) {
  const hwloc_obj_t found = hwloc_get_ancestor_obj_by_type(tree, type, pu);
  return found == nullptr ? otherwise : static_cast<int>(found->logical_index);
}

int numa_node_of(hwloc_topology_t tree, hwloc_obj_t pu) {
  hwloc_obj_t node = nullptr;
  while ((node = hwloc_get_next_obj_by_type(tree, HWLOC_OBJ_NUMANODE, node)) != nullptr) {
    if (hwloc_bitmap_isset(node->cpuset, pu->os_index) != 0) {
      return static_cast<int>(node->logical_index);
    }
  }
  return 0;
}

Cpu describe(hwloc_topology_t tree, hwloc_obj_t pu) {
  Cpu cpu;
  cpu.os_index = static_cast<int>(pu->os_index);
  cpu.package = logical_ancestor(tree, HWLOC_OBJ_PACKAGE, pu, 0);
  cpu.core = logical_ancestor(tree, HWLOC_OBJ_CORE, pu, static_cast<int>(pu->logical_index));
  // Without an L3, CPUs of one package are taken as equally near.
  cpu.l3 = logical_ancestor(tree, HWLOC_OBJ_L3CACHE, pu, cpu.package);
  cpu.numa = numa_node_of(tree, pu);
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

/// Every CPU its own core: all that the affinity alone tells.
std::vector<Cpu> flat(const std::vector<int>& usable) {
  std::vector<Cpu> cpus;
  for (const int index : usable) cpus.push_back({.os_index = index, .core = index});
  return cpus;
}

}  // namespace

Topology read_topology() {
  const CgroupLimits limits = read_cgroup_limits();
  const std::vector<int> usable = read_usable(limits);
  Topology topology;
  topology.quota_cpus = limits.quota_cpus;
  const Tree tree = load_tree();
  if (!tree) {
    topology.cpus = flat(usable);
    topology.unreadable = "hwloc could not read the topology";
    return topology;
  }
  for (const int index : usable) {
    const hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(tree.get(), static_cast<unsigned>(index));
    if (pu != nullptr) topology.cpus.push_back(describe(tree.get(), pu));
  }
  if (topology.cpus.size() < usable.size()) {  // hwloc does not know a CPU that we may use
    topology.cpus = flat(usable);
    topology.unreadable = "hwloc does not know every CPU that the process may use";
    return topology;
  }
  std::ranges::sort(topology.cpus, {}, [](const Cpu& cpu) {
    return std::tuple(cpu.package, cpu.numa, cpu.l3, cpu.core, cpu.os_index);
  });
  topology.caches = describe_caches(tree.get());
  return topology;
}

}  // namespace lockbench
