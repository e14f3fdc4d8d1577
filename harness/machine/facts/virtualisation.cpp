#include "harness/machine/facts/virtualisation.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace lockbench {
namespace {

using Sign = std::pair<std::string_view, std::string_view>;

/// The name of the first sign that occurs in the text.
std::string recognise(std::string_view text, std::span<const Sign> signs, std::string otherwise) {
  for (const auto& [sign, name] : signs) {
    if (text.find(sign) != std::string_view::npos) return std::string(name);
  }
  return otherwise;
}

/// In the signature of CPUID, or in what the firmware (DMI) says of the board.
constexpr Sign hypervisor_signs[] = {{"KVM", "kvm"},
                                     {"QEMU", "qemu"},
                                     {"TCG", "qemu"},
                                     {"VMware", "vmware"},
                                     {"VBox", "virtualbox"},
                                     {"VirtualBox", "virtualbox"},
                                     {"Xen", "xen"},
                                     {"Microsoft Hv", "hyper-v"},
                                     {"Virtual Machine", "hyper-v"},
                                     {"bhyve", "bhyve"},
                                     {"ACRN", "acrn"},
                                     {"Jailhouse", "jailhouse"},
                                     {"Amazon EC2", "amazon"},
                                     {"Google Compute Engine", "google"},
                                     {"Parallels", "parallels"}};

constexpr Sign cgroup_signs[] = {{"docker", "docker"},         {"kubepods", "kubernetes"},
                                 {"libpod", "podman"},         {"lxc", "lxc"},
                                 {"containerd", "containerd"}, {"garden", "garden"}};

bool has_hypervisor_flag(const SystemFiles& files) {
  const auto flags = find_field(files.read("/proc/cpuinfo"), "flags").value_or("");
  return std::ranges::count(split_words(flags), "hypervisor") > 0;
}

Probed<std::string> find_hypervisor(const SystemFiles& files, const Probed<std::string>& signature,
                                    const Virtualisation& facts) {
  if (signature.known() && !signature.value().empty()) {
    return recognise(signature.value(), hypervisor_signs, signature.value());
  }
  if (const auto type = files.read("/sys/hypervisor/type"); type.known()) return type.value();
  // Clouds put their name into the DMI of bare metal too, so only a flag or an emulator's name
  // counts where the CPU could have told.
  for (const auto& dmi : {facts.product, facts.system_vendor}) {
    if (!dmi.known()) continue;
    const auto name = recognise(dmi.value(), hypervisor_signs, "");
    if (!name.empty() && (!signature.known() || has_hypervisor_flag(files))) return name;
  }
  if (has_hypervisor_flag(files)) return std::string("unnamed");
  if (signature.known()) return std::string("none");
  return Unknown{"no sign of a hypervisor, which proves nothing on this kind of CPU"};
}

std::string find_container(const SystemFiles& files) {
  if (files.read("/.dockerenv").known()) return "docker";
  if (files.read("/run/.containerenv").known()) return "podman";
  if (const auto systemd = files.read("/run/systemd/container"); systemd.known()) {
    return systemd.value();
  }
  const auto groups = files.read("/proc/self/cgroup").value_or("");
  return recognise(groups, cgroup_signs, "none detected");
}

}  // namespace

bool is_virtual(const Virtualisation& virtualisation) {
  return virtualisation.hypervisor.known() && virtualisation.hypervisor.value() != "none";
}

Probed<std::string> hypervisor_signature() {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned hypervisor_bit = 1U << 31;
  std::array<unsigned, 4> registers{};
  auto& [eax, ebx, ecx, edx] = registers;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return Unknown{"the CPU has no CPUID"};
  if ((ecx & hypervisor_bit) == 0) return std::string{};
  __cpuid(0x40000000, eax, ebx, ecx, edx);
  std::array<char, 13> text{};
  std::memcpy(text.data(), &ebx, text.size() - 1);  // and of ecx and edx
  return text[0] == '\0' ? std::string("unnamed") : std::string(text.data());
#else
  return Unknown{"only x86 CPUs name their hypervisor"};
#endif
}

Virtualisation read_virtualisation(const SystemFiles& files, const Probed<std::string>& signature) {
  Virtualisation facts;
  facts.system_vendor = files.read("/sys/class/dmi/id/sys_vendor");
  facts.product = files.read("/sys/class/dmi/id/product_name");
  facts.hypervisor = find_hypervisor(files, signature, facts);
  facts.container = find_container(files);
  return facts;
}

void to_json(nlohmann::json& json, const Virtualisation& virtualisation) {
  json = {{"hypervisor", virtualisation.hypervisor},
          {"system_vendor", virtualisation.system_vendor},
          {"product", virtualisation.product},
          {"container", virtualisation.container}};
}

}  // namespace lockbench
