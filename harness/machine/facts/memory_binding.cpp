#include "harness/machine/facts/memory_binding.hpp"

#include <fmt/format.h>
#include <hwloc.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <system_error>

namespace lockbench {
namespace {

using Tree = std::unique_ptr<hwloc_topology, decltype(&hwloc_topology_destroy)>;
using Bitmap = std::unique_ptr<hwloc_bitmap_s, decltype(&hwloc_bitmap_free)>;

/// CPUs and nodes only, as the kernel lists them: a look at every CPU by running there, which hwloc
/// does for caches, takes long and would be noise in a process that is about to measure.
Tree load_nodes() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return {nullptr, hwloc_topology_destroy};
  Tree tree(raw, hwloc_topology_destroy);
  hwloc_topology_set_all_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_NONE);
  hwloc_topology_set_components(raw, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
  if (hwloc_topology_load(raw) != 0) return {nullptr, hwloc_topology_destroy};
  return tree;
}

std::string unbound(std::string_view reason) {
  return fmt::format("unbound: {}", reason);
}

}  // namespace

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

std::string bind_memory(const std::vector<int>& nodes) {
  if (nodes.empty()) return memory_policy(nodes);
  const Tree tree = load_nodes();
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
