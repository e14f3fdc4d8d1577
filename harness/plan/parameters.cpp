#include "harness/plan/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "harness/errors.hpp"
#include "harness/workloads/names.hpp"

namespace lockbench {

std::string_view to_string(Pinning pinning) noexcept {
  switch (pinning) {
    case Pinning::none: return "none";
    case Pinning::compact: return "compact";
    case Pinning::scatter: return "scatter";
    case Pinning::same_cpu: return "same_cpu";
  }
  return "none";
}

Pinning pinning_from_string(std::string_view text) {
  for (const auto pinning : pinnings) {
    if (to_string(pinning) == text) return pinning;
  }
  throw usage_error(
      fmt::format("unknown pinning '{}'; allowed: none, compact, scatter, same_cpu", text));
}

std::uint32_t standing_tasks_of(const CaseParameters& parameters) noexcept {
  return workload_named(parameters.workload).reads_statuses && parameters.read_ratio > 0
             ? standing_tasks
             : 0;
}

std::uint32_t effective_capacity(const CaseParameters& parameters) noexcept {
  if (parameters.capacity != 0) return parameters.capacity;
  constexpr std::uint32_t least = 4096;
  constexpr std::uint32_t in_flight_per_thread = 64;
  return std::bit_ceil(std::max(least, standing_tasks_of(parameters) + 2 * parameters.prefill +
                                           in_flight_per_thread * parameters.threads));
}

std::string point_id(const CaseParameters& parameters) {
  const CaseParameters defaults;
  std::string id = parameters.workload;
  if (parameters.producers + parameters.consumers > 0) {
    id += fmt::format("/producers:{}/consumers:{}", parameters.producers, parameters.consumers);
  } else {
    id += fmt::format("/threads:{}", parameters.threads);
  }
  if (workload_named(parameters.workload).reads_statuses) {
    id += fmt::format("/read_ratio:{}", parameters.read_ratio);
  }
  const auto add_if_changed = [&](std::string_view name, auto value, auto usual) {
    if (value != usual) id += fmt::format("/{}:{}", name, value);
  };
  add_if_changed("priorities", parameters.priorities, defaults.priorities);
  add_if_changed("prefill", parameters.prefill, defaults.prefill);
  add_if_changed("payload", parameters.payload_bytes, defaults.payload_bytes);
  add_if_changed("capacity", parameters.capacity, defaults.capacity);
  add_if_changed("pinning", to_string(parameters.pinning), to_string(defaults.pinning));
  return id;
}

}  // namespace lockbench
