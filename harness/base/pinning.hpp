#pragma once

/// Where the threads of a team may run, as it is asked for and recorded. `placement` of
/// machine/facts/topology.hpp says which CPUs that means on a machine.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/enum_names.hpp"

namespace lockbench {

/// A rule over the machine's topology, or a list of CPUs. Ordered by rule, then by list.
class Pinning {
public:
  enum Rule : std::uint8_t {
    none,       ///< wherever the scheduler puts them
    compact,    ///< thread i on the i-th CPU in topology order: neighbours share caches
    scatter,    ///< as far apart as the topology allows
    same_cpu,   ///< all on one CPU: what waking costs when nobody is far away
    smt_pairs,  ///< threads 2i and 2i + 1 on the two hardware threads of one core
    per_node,   ///< dealt in turns over the NUMA nodes
    listed,     ///< thread i on the i-th of the CPUs that the user named
  };

  /// Not explicit: a rule is a whole placement. `listed` takes its CPUs by `on`.
  Pinning(Rule rule = none) noexcept : rule_(rule) {}
  /// `cpus`: OS indices, at least one, in the order of the threads; a CPU may be listed repeatedly.
  [[nodiscard]] static Pinning on(std::vector<std::uint32_t> cpus) {
    Pinning pinning(listed);
    pinning.cpus_ = std::move(cpus);
    return pinning;
  }

  [[nodiscard]] Rule rule() const noexcept { return rule_; }
  /// The CPUs of `listed`; empty for every other rule.
  [[nodiscard]] const std::vector<std::uint32_t>& cpus() const noexcept { return cpus_; }

  auto operator<=>(const Pinning&) const = default;

private:
  Rule rule_;
  std::vector<std::uint32_t> cpus_;
};

/// The rules that have a word of their own, in the order in which they are offered.
constexpr auto enum_names(Pinning::Rule /*type*/) {
  return std::to_array<EnumName<Pinning::Rule>>({{Pinning::none, "none"},
                                                 {Pinning::compact, "compact"},
                                                 {Pinning::scatter, "scatter"},
                                                 {Pinning::same_cpu, "same_cpu"},
                                                 {Pinning::smt_pairs, "smt-pairs"},
                                                 {Pinning::per_node, "per-node"}});
}

/// Returns the rule's word, or `cpus:0+2+4`.
[[nodiscard]] std::string to_string(const Pinning& pinning);
/// Reads what `to_string` writes. Throws `Error` (usage) that names the value and what is allowed.
[[nodiscard]] Pinning pinning_from_string(std::string_view text);

}  // namespace lockbench
