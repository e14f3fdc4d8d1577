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

/// The name of the first sign that occurs in the text; empty for none.
std::string_view recognise(std::string_view text, std::span<const Sign> signs) {
  const auto found = std::ranges::find_if(
      signs, [&](const Sign& sign) { return text.find(sign.first) != std::string_view::npos; });
  return found == signs.end() ? std::string_view{} : found->second;
}

constexpr std::array<Sign, 9> signatures{{{"KVM", "kvm"},
                                          {"VMware", "vmware"},
                                          {"Microsoft Hv", "hyper-v"},
                                          {"Xen", "xen"},
                                          {"bhyve", "bhyve"},
                                          {"TCG", "qemu"},
                                          {"VBox", "virtualbox"},
                                          {"ACRN", "acrn"},
                                          {"Jailhouse", "jailhouse"}}};

constexpr std::array<Sign, 9> dmi_signs{{{"KVM", "kvm"},
                                         {"QEMU", "qemu"},
                                         {"VMware", "vmware"},
                                         {"VirtualBox", "virtualbox"},
                                         {"Xen", "xen"},
                                         {"Virtual Machine", "hyper-v"},
                                         {"Amazon EC2", "amazon"},
                                         {"Google Compute Engine", "google"},
                                         {"Parallels", "parallels"}}};

constexpr std::array<Sign, 6> cgroup_signs{{{"docker", "docker"},
                                            {"kubepods", "kubernetes"},
                                            {"libpod", "podman"},
                                            {"lxc", "lxc"},
                                            {"containerd", "containerd"},
                                            {"garden", "garden"}}};

bool has_hypervisor_flag(const SystemFiles& files) {
  const auto flags = find_field(files.read("/proc/cpuinfo"), "flags");
  return flags.known() && std::ranges::count(split_words(flags.value()), "hypervisor") > 0;
}

Probed<std::string> find_hypervisor(const SystemFiles& files, const Probed<std::string>& signature,
                                    const Virtualisation& facts) {
  if (signature.known() && !signature.value().empty()) {
    const auto name = recognise(signature.value(), signatures);
    return name.empty() ? signature.value() : std::string(name);
  }
  if (const auto type = files.read("/sys/hypervisor/type"); type.known()) return type.value();
  // Clouds put their name into the DMI of bare metal too, so only a flag or an emulator's name
  // counts where the CPU could have told.
  for (const auto& dmi : {facts.product, facts.system_vendor}) {
    if (!dmi.known()) continue;
    const auto name = recognise(dmi.value(), dmi_signs);
    if (!name.empty() && (!signature.known() || has_hypervisor_flag(files))) {
      return std::string(name);
    }
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
  const auto groups = files.read("/proc/self/cgroup");
  const auto name = groups.known() ? recognise(groups.value(), cgroup_signs) : std::string_view{};
  return name.empty() ? "none detected" : std::string(name);
}

}  // namespace

bool is_virtual(const Virtualisation& virtualisation) {
  return virtualisation.hypervisor.known() && virtualisation.hypervisor.value() != "none";
}

Probed<std::string> hypervisor_signature() {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned hypervisor_bit = 1U << 31;
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0) return Unknown{"the CPU has no CPUID"};
  if ((ecx & hypervisor_bit) == 0) return std::string{};
  __cpuid(0x40000000, eax, ebx, ecx, edx);
  std::array<char, 13> text{};
  std::memcpy(text.data(), &ebx, sizeof ebx);
  std::memcpy(text.data() + 4, &ecx, sizeof ecx);
  std::memcpy(text.data() + 8, &edx, sizeof edx);
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

Virtualisation read_virtualisation() {
  return read_virtualisation(SystemFiles{}, hypervisor_signature());
}

void to_json(nlohmann::json& json, const Virtualisation& virtualisation) {
  json = {{"hypervisor", virtualisation.hypervisor},
          {"system_vendor", virtualisation.system_vendor},
          {"product", virtualisation.product},
          {"container", virtualisation.container}};
}

}  // namespace lockbench
