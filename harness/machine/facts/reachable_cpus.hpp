#pragma once

#include "harness/machine/facts/topology.hpp"

namespace lockbench {

/// As `read_topology`, but with every CPU that the process may ask for: those of its control group,
/// isolated ones (isolcpus) included, and not only those of the affinity that it inherited.
[[nodiscard]] Topology read_reachable_topology();

}  // namespace lockbench
