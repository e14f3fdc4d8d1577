#include "harness/base/workload_info.hpp"

#include <algorithm>
#include <bit>

namespace lockbench {

std::uint32_t standing_tasks_of(const CaseParameters& point, const WorkloadInfo& info) noexcept {
  const bool reads = info.reads_statuses && (!info.has_read_ratio() || point.read_ratio > 0);
  return reads ? standing_tasks : 0;
}

std::uint32_t effective_capacity(const CaseParameters& point, const WorkloadInfo& info) noexcept {
  if (point.capacity != 0) return point.capacity;
  // Tasks that arrive whether or not the queue keeps up may pile up.
  const bool may_pile_up = info.is_open_loop() || !info.only_tag.empty();
  const std::uint32_t least = may_pile_up ? 65536 : 4096;
  const std::uint32_t in_flight_per_thread = 64 + 2 * point.burst;
  return std::bit_ceil(std::max(least, standing_tasks_of(point, info) + 2 * point.prefill +
                                           in_flight_per_thread * point.threads));
}

}  // namespace lockbench
