#pragma once

/// The CPUs this process may really use, how they share caches, and where to put a team on them and
/// its memory: a queue that lies on a node where no thread runs would be measured by its distance.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/case_parameters.hpp"
#include "harness/machine/facts/probed.hpp"

namespace lockbench {

/// One hardware thread. Equal numbers mean "the same one"; they are unique over the machine.
struct Cpu {
  int os_index = 0;  ///< as in sched_setaffinity
  int core = 0;
  int l3 = 0;  ///< last-level cache; where there is none or it is unknown, the package
  int package = 0;
  int numa = 0;
  int kind = -1;  ///< -1 where it is not known
};

/// Cores that differ from others in what they can do, as those of hybrid processors.
struct CpuKind {
  int kind = 0;           ///< as `Cpu::kind`
  std::vector<int> cpus;  ///< usable ones, ascending
  /// What the system says about them, as hwloc names it: `CoreType`, `FrequencyMaxMHz`, …
  std::map<std::string, std::string> traits{};
};

/// All data or unified caches of one level.
struct CacheLevel {
  std::string name;         ///< as hwloc names it: "L1d", "L2", "L3"
  std::uint64_t bytes = 0;  ///< of one
  std::uint32_t line_bytes = 0;
  std::uint32_t count = 0;
};

struct Topology {
  std::vector<Cpu> cpus;  ///< usable ones, in topology order: neighbours in the list share most
  /// CPU seconds per second granted by control groups; infinity when unlimited.
  Probed<double> quota_cpus;
  std::vector<CacheLevel> caches;
  Probed<std::vector<CpuKind>> kinds;  ///< of usable CPUs; never empty
  /// The reason why cores, caches and packages are not to be believed; empty when they were read.
  std::string unreadable;
};

/// min(usable CPUs, quota): a team of more threads than this is oversubscribed. 0 when no CPU is
/// known.
[[nodiscard]] double usable_cpus(const Topology& topology);
/// The usable CPUs, as `0-3,8`.
[[nodiscard]] std::string usable_cpu_list(const Topology& topology);
/// Two usable CPUs are threads of one core.
[[nodiscard]] bool has_smt(const Topology& topology);
/// How many cores, caches, packages or NUMA nodes the usable CPUs are on: `&Cpu::core` and so on.
[[nodiscard]] std::size_t count_distinct(const Topology& topology, int Cpu::*number);

/// The kinds of the CPUs that a team may be on: of `cpus` (OS indices), or of all usable CPUs where
/// that is empty, since the team is not pinned then. A team on several kinds has fast and slow threads.
[[nodiscard]] std::set<int> kinds_of(const Topology& topology, const std::vector<int>& cpus);

/// CPU (OS index) of each thread of a team; empty for `Pinning::none` or an empty topology.
/// Oversubscribed teams wrap around: thread i shares its CPU with thread i - n.
///
/// - `compact` fills one last-level cache before the next, and in each first one hardware thread of
///   every core, then the SMT siblings: neighbours share a cache, and share a core only when the
///   cores behind that cache have run out. Two threads thus never measure one core's SMT by chance.
/// - `scatter` takes turns over packages, then NUMA nodes, then last-level caches, then cores, and
///   uses SMT siblings only when every core has a thread.
/// - `same_cpu` names one CPU, whatever the size of the team.
/// - `smt-pairs` gives threads 2i and 2i + 1 the two hardware threads of one core, cores in compact
///   order. Cores with a single usable hardware thread come last, so that no pair is torn apart;
///   without SMT it is the same as `compact`.
/// - `per-node` takes turns over NUMA nodes, in compact order within each: thread i is on node
///   i mod nodes, until a smaller node has no CPU left that is not taken.
/// - listed CPUs are taken as they are listed; see `refuse_unusable`.
[[nodiscard]] std::vector<int> placement(const Topology& topology, const Pinning& pinning,
                                         std::uint32_t threads);

/// Throws `Error` (usage) when `pinning` lists a CPU that is not in the topology.
void refuse_unusable(const Topology& topology, const Pinning& pinning);

/// Returns the reason why the placement is the same as `compact` here, for a rule that is meant to
/// differ from it; "" when it does differ.
[[nodiscard]] std::string same_as_compact(const Topology& topology, const Pinning& pinning);

/// The map from threads to CPUs as rows hold it: `0+1+0+1`, CPU of thread 0 first; empty without
/// `cpus`. `cpus` is taken in turn when it is shorter than the team. Beyond 64 threads only the
/// shortest cycle is written that gives the whole map when repeated.
[[nodiscard]] std::string cpu_map(const std::vector<int>& cpus, std::uint32_t threads);

/// Asks the kernel and hwloc; never throws. The CPUs are those that the process's main thread may
/// run on, so call it before that thread is pinned.
[[nodiscard]] Topology read_topology();

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
