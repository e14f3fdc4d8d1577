#include "harness/workloads/catalogue.hpp"

#include <algorithm>

#include "harness/workloads/workloads.hpp"

namespace lockbench {

std::span<const WorkloadInfo> workload_catalogue() noexcept {
  return Workloads::infos;
}

WorkloadInfo workload_named(std::string_view name) noexcept {
  const auto* const known = std::ranges::find(Workloads::infos, name, &WorkloadInfo::name);
  return known != Workloads::infos.end() ? *known : WorkloadInfo{.name = name, .summary = ""};
}

}  // namespace lockbench
