#include "harness/workloads/catalogue.hpp"

#include <algorithm>
#include <array>

#include "harness/workloads/workloads.hpp"

namespace lockbench {
namespace {

template <Workload... Ws>
constexpr std::array<WorkloadInfo, sizeof...(Ws)> infos_of(WorkloadList<Ws...> /*list*/) {
  return {Ws::info...};
}
constexpr auto infos = infos_of(Workloads{});

}  // namespace

std::span<const WorkloadInfo> workload_catalogue() noexcept {
  return infos;
}

WorkloadInfo workload_named(std::string_view name) noexcept {
  const auto* const known = std::ranges::find(infos, name, &WorkloadInfo::name);
  return known != infos.end() ? *known : WorkloadInfo{.name = name, .summary = ""};
}

}  // namespace lockbench
