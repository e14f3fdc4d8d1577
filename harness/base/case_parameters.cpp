#include "harness/base/case_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "harness/base/field_text.hpp"
#include "harness/base/parameter_list.hpp"
#include "harness/workloads/names.hpp"

namespace lockbench {

std::uint32_t standing_tasks_of(const CaseParameters& parameters) noexcept {
  const auto workload = workload_named(parameters.workload);
  const bool reads =
      workload.reads_statuses && (!workload.has_read_ratio || parameters.read_ratio > 0);
  return reads ? standing_tasks : 0;
}

std::uint32_t effective_capacity(const CaseParameters& parameters) noexcept {
  if (parameters.capacity != 0) return parameters.capacity;
  const auto workload = workload_named(parameters.workload);
  // What arrives by itself may pile up.
  const bool may_pile_up = workload.is_open_loop || !workload.only_tag.empty();
  const std::uint32_t least = may_pile_up ? 65536 : 4096;
  const std::uint32_t in_flight_per_thread = 64 + 2 * parameters.burst;
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
  const auto workload = workload_named(parameters.workload);
  if (workload.has_read_ratio) {
    id += fmt::format("/read_ratio:{}", parameters.read_ratio);
  }
  const auto add_if_changed = [&](std::string_view name, const auto& value, const auto& usual) {
    if (value != usual) id += fmt::format("/{}:{}", name, value);
  };
  add_if_changed("priorities", parameters.priorities, defaults.priorities);
  if (!workload.starts_empty) add_if_changed("prefill", parameters.prefill, defaults.prefill);
  add_if_changed("payload", parameters.payload_bytes, defaults.payload_bytes);
  add_if_changed("capacity", parameters.capacity, defaults.capacity);
  add_if_changed("pinning", to_string(parameters.pinning), to_string(defaults.pinning));
  for_each_parameter(later_parameters, [&](const auto& parameter) {
    add_if_changed(parameter.name, field::write(parameters.*parameter.field),
                   field::write(defaults.*parameter.field));
  });
  return id;
}

}  // namespace lockbench
