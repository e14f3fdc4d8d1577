#pragma once

/// The workloads as values, for everything that needs to know them but never runs one.

#include <span>
#include <string_view>

#include "harness/base/workload_info.hpp"

namespace lockbench {

/// Returns what every workload says about itself, in the order of `Workloads`.
[[nodiscard]] std::span<const WorkloadInfo> workload_catalogue() noexcept;

/// Returns what is known of a workload; of an unknown one nothing but its name.
[[nodiscard]] WorkloadInfo workload_named(std::string_view name) noexcept;

}  // namespace lockbench
