#pragma once

/// Makes the part of context.json that describes the machine. Every value that could not be read
/// is {"value": null, "reason": "..."}.

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/system_files.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/machine/facts/virtualisation.hpp"

namespace lockbench {

/// Identity, CPU, topology, frequency, virtualisation, kernel, memory and load. Takes milliseconds; the
/// probes, which take seconds, are apart in probes.hpp.
[[nodiscard]] nlohmann::json machine_context(
    const SystemFiles& files = {}, const Topology& topology = read_topology(),
    const Virtualisation& virtualisation = read_virtualisation());

[[nodiscard]] nlohmann::json topology_json(const Topology& topology);

/// Everything below `context` that could not be read: {"cpu.governor": "reason", …}.
[[nodiscard]] nlohmann::json unknowns_in(const nlohmann::json& context);

}  // namespace lockbench
