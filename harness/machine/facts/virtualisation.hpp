#pragma once

/// Tells whether a hypervisor or a container stands between this process and the hardware.

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Virtualisation {
  /// "none", or the hypervisor's name, or "unnamed" for one that hides it.
  Probed<std::string> hypervisor;
  Probed<std::string> system_vendor;  ///< DMI
  Probed<std::string> product;        ///< DMI
  std::string container;              ///< "docker", "podman", …; "none detected" proves nothing
};

[[nodiscard]] bool is_virtual(const Virtualisation& virtualisation);

/// Returns the text of CPUID leaf 0x40000000: "KVMKVMKVM" and the like. It is empty when the CPU
/// claims to be real, and a reason on CPUs that have no such leaf.
[[nodiscard]] Probed<std::string> hypervisor_signature();

[[nodiscard]] Virtualisation read_virtualisation(
    const SystemFiles& files = {}, const Probed<std::string>& signature = hypervisor_signature());

void to_json(nlohmann::json& json, const Virtualisation& virtualisation);

}  // namespace lockbench
