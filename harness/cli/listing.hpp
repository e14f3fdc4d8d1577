#pragma once

/// What `bench list` prints.

#include <span>
#include <string>

#include "harness/cli/command_line.hpp"
#include "harness/recorder/row.hpp"

namespace lockbench {

/// Strategies with their traits, and workloads. As CSV one row each, told apart by `kind`; traits
/// of workloads are empty. As JSON an object with `strategies` and `workloads`.
[[nodiscard]] std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format);

/// Columns of a CSV file with unit and meaning; as JSON an array.
[[nodiscard]] std::string list_columns(std::span<const ColumnDescription> columns, Format format);

}  // namespace lockbench
